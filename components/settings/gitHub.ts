/** An owner: a login, of a company's own users with its short code behind. */
const OWNER = "(?=[^/@]{1,39}[/@])[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9]))*(?:_[A-Za-z0-9]+)?";

/** A repository's name: neither a folder above, nor what git or the wiki of one is called. */
const NAME = String.raw`(?!\.{1,2}(?:@|$))(?![^@]*\.(?:[Gg][Ii][Tt]|[Ww][Ii][Kk][Ii])(?:@|$))[A-Za-z0-9._-]{1,100}`;

/**
 * A repository on GitHub.
 * https://docs.github.com/en/repositories/creating-and-managing-repositories/creating-a-new-repository
 */
export const GITHUB_REPOSITORY = { pattern: new RegExp(`^${OWNER}/${NAME}$`), expected: "`owner/name` on GitHub" };

/** The same, as tokens name it: with the ids of both, or with none. */
export const GITHUB_SUBJECT = {
  pattern: new RegExp(String.raw`^(?=[^@]*$|[^@/]*@\d+/[^@]*@\d+$)${OWNER}(?:@\d+)?/${NAME}(?:@\d+)?$`),
  expected: "`owner/name`, or `owner@id/name@id` for a repository made, renamed or moved after July 15, 2026",
};
