/** How the page looks: on a screen of any width, in light and dark, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--box:#f6f8fa;--good:#116329;--bad:#a40e26;--warn:#7a4b00;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--soft:#9da7b3;--line:#30363d;--box:#161b22;--good:#56d364;--bad:#ff7b72;--warn:#e3b341;--link:#79c0ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
a{color:var(--link)}p,li,h3{overflow-wrap:anywhere}
h1{font-size:1.4rem}h2{margin-top:3rem;border-bottom:1px solid var(--line)}h3{margin-top:2rem}
code,pre{font:0.85em/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{padding:.75rem;background:var(--box);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap}
table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border:1px solid var(--line)}th{background:var(--box)}
.wide{overflow-x:auto}
nav{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;padding:.5rem 0;background:var(--back);border-bottom:1px solid var(--line)}
nav input{flex:1 1 12rem;padding:.4rem .6rem;font:inherit;color:inherit;background:var(--box);border:1px solid var(--line);border-radius:6px}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.soft{color:var(--soft)}
.stages{list-style:none;margin:0 0 .75rem;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}
.stages>li{flex:1 1 14rem;border:1px solid var(--line);border-radius:6px;background:var(--box);padding:.5rem .75rem}
.stages ol{margin:.25rem 0;padding-left:1.25rem}
.bar{height:.7rem;margin-top:.35rem;min-width:2px;background:var(--link);border-radius:3px}
ul{margin:.5rem 0;padding-left:1.25rem}
.shares{display:flex;height:.5rem;max-width:20rem;margin-top:.3rem;background:var(--line);border-radius:3px;overflow:hidden}.fresh{background:var(--good)}.old{background:var(--soft)}
td:last-child:has(.bar){min-width:12rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:.75rem}
.card{border:1px solid var(--line);border-radius:6px;padding:.5rem .75rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .75rem;margin:.25rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
details{border:1px solid var(--line);border-radius:6px;padding:.4rem .75rem;margin:.5rem 0}summary{cursor:pointer}
h2{scroll-margin-top:4rem}
[hidden]{display:none!important}
@media print{nav{display:none}details{break-inside:avoid}body{max-width:none}}
@media (max-width:40rem){td:nth-child(n+3){min-width:9rem}dl{grid-template-columns:1fr}dt{margin-top:.4rem}}
`.trim();

/** What the page does: it shows what has the words that are looked for, and opens everything for paper. */
export const SCRIPT = `
const field=document.querySelector("#find"),told=document.querySelector("#told"),items=[...document.querySelectorAll(".item")],blocks=[...document.querySelectorAll(".block")],folds=[...document.querySelectorAll("details")];
const find=()=>{const words=field.value.toLowerCase().split(/\\s+/).filter(Boolean);let shown=0;
for(const item of items){const has=words.every((word)=>item.textContent.toLowerCase().includes(word));item.hidden=!has;if(has)shown++}
for(const fold of folds){const has=fold.classList.contains("item")?!fold.hidden:!!fold.querySelector(".item:not([hidden])");fold.hidden=words.length>0&&!has;fold.open=words.length>0&&has}
for(const block of blocks)block.hidden=words.length>0&&!block.querySelector(".item:not([hidden])");
told.textContent=words.length>0?shown+" of "+items.length+" shown":""};
field.addEventListener("input",find);
addEventListener("keydown",(event)=>{if(event.key==="/"&&document.activeElement!==field){event.preventDefault();field.focus()}if(event.key==="Escape"){field.value="";find()}});
addEventListener("beforeprint",()=>{for(const fold of folds)fold.open=true});
`.trim();
