import { git } from "./git";

/** Why a ref cannot be found, and the command that mends it. */
export function unknownRef(ref: string, root: string): string {
  const remotes = lines(git(root, "remote").out);
  const shallow = git(root, "rev-parse", "--is-shallow-repository").out === "true";
  const start = `--against ${ref}: no such branch, tag or commit here`;
  const remote = remotes.find((name) => ref.startsWith(`${name}/`));
  const depth = shallow ? " --depth=1" : "";
  if (/[~^]|@\{/.test(ref)) {
    return shallow ? `${start}, and this clone is shallow: git fetch --unshallow` : `${start}; see git log --oneline`;
  }
  if (remote !== undefined) {
    const branch = ref.slice(remote.length + 1);
    const shallowly = shallow ? ", and this clone is shallow" : "";
    return `${start}${shallowly}: git fetch${depth} ${remote} +${branch}:refs/remotes/${ref}`;
  }
  const elsewhere = remotes.map((name) => `${name}/${ref}`).find((name) => isThere(name, root));
  if (elsewhere !== undefined) return `${start}, but there is ${elsewhere}: --against ${elsewhere}`;
  const [first] = remotes;
  if (first === undefined) {
    const branches = lines(git(root, "branch", "--format=%(refname:short)").out);
    return `${start}; branches are ${branches.join(", ") || "none"}`;
  }
  // A fetch brings what a name means, and a full commit id; only a ref of its own keeps it under its name.
  const kept = /^[0-9a-f]{7,40}$/.test(ref) ? ref : `${ref}:${ref}`;
  return `${start}: git fetch${depth} ${first} ${kept}`;
}

function isThere(ref: string, root: string): boolean {
  return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`).ok;
}

function lines(text: string): readonly string[] {
  return text === "" ? [] : text.split("\n");
}
