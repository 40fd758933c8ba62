/**
 * What a build is there for. `test`: commands of the application's own; `build`: makes an image, or says which one it is;
 * `release`: the image that was tested goes on; `confirm`: looks at a delivery, and records it.
 */
export type BuildKind = "test" | "build" | "release" | "confirm";
