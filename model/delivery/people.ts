/** Something that a person is asked. */
export interface Question {
  /** The action or hook that asks. */
  readonly step: string;
  readonly text: string;
}

/** What a person says; `silent` lets the time run out. */
export type PersonsAnswer = "approve" | "reject" | "silent";

/** Whoever is asked. */
export type People = (question: Question) => Promise<PersonsAnswer>;
