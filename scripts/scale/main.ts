import { takeSurvey, writeSurvey } from "./survey";

/** Records the made-up stacks anew; `npm run docs` writes the page of them. */
void takeSurvey((text) => console.log(text)).then(writeSurvey);
