import { deployRoles } from "./roles";

// A function, as in the program itself: configuration is read when the engine or a test calls it.
export = deployRoles;
