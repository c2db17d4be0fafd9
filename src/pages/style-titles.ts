/** Titles as the slips of paper that they once were. */
export const TITLES = `
.purse h2 .over { display: block; font-size: 1rem; font-weight: 600; }
.entitles { margin: 0.6rem 0 1.1rem; padding: 0 0 0 0.9rem; border-left: 3px solid var(--line); }
.entitles p { margin: 0; overflow-wrap: anywhere; }
.entitles footer { margin-top: 0.2rem; }
.tickets { list-style: none; padding: 0; margin: 0 0 0.6rem; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9.4rem, 100%), 1fr)); gap: 0.7rem; }
.tickets li {
  display: flex; flex-direction: column; align-items: flex-start; gap: 0.15rem; padding: 0.7rem 0.6rem 0.8rem 1.4rem; border: 1px solid var(--line); border-radius: 0.7rem; max-width: none; position: relative;
  background: linear-gradient(90deg, var(--tint) 0.7rem, transparent 0.7rem); overflow: hidden;
}
.tickets li::before { content: ''; position: absolute; inset: 0 auto 0 0.7rem; border-left: 2px dashed var(--edge); opacity: 0.5; }
.tickets b { font-variant-numeric: tabular-nums lining-nums; }
.tickets .hint { margin: 0; }
.tickets .state { margin-top: 0.3rem; font-size: 0.84rem; }
.bound > div { flex: 1; min-width: 0; }
.bound form { margin: 0.6rem 0 0; }
.ticks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); gap: 0 1rem; max-height: 24rem; overflow-y: auto; }
.ticks .hint { display: inline; margin: 0 0 0 0.4rem; }
.title-actions { margin: 0 0 1.4rem; }
.beside { flex: 1 1 15rem; }
.beside .hint { margin: 0 0 0.8rem; }
.give-what { font-size: 1.15rem; }
`;
