/** What AWS or a program takes of its own, which no setting says. */
export const GUESSES = {
  /** From a push until a pipeline starts. */
  trigger: 5,
  /** Fetching a source. */
  source: 15,
  /** Until a build's machine is there. */
  machine: 40,
  /** Commands of the stack file or the repository: tests. */
  tests: 90,
  /** Building an image. */
  build: 120,
  /** Pushing an image, or copying it to another repository. */
  push: 20,
  /** A task that runs once: commands before a deployment. */
  task: 60,
  /** Placing a task of a service, pulling its image and starting it. */
  start: 60,
  /** A function that decides at a stage of a deployment. */
  function: 5,
  /** How long ECS goes on watching alarms after a rolling update: their own periods decide. */
  alarms: 180,
} as const;

/** One of what is guessed. */
export type Guess = keyof typeof GUESSES;

/** Seconds of each; whoever has measured knows better. */
export type Guesses = Readonly<Record<Guess, number>>;

/** Seconds between two looks of CodePipeline at a deployment. */
export const LOOK_SECONDS = 15;
