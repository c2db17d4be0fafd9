/** What stands on the pages: cards, fields, buttons, notices, letters. */
export const PARTS = `
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1.1rem, 4vw, 1.6rem); margin: 0 0 1.2rem; box-shadow: var(--shadow); }
.card > :last-child { margin-bottom: 0; }
.slim { max-width: 30rem !important; }
.outside .slim { margin-inline: auto; }
.part + p { margin-top: 1.2rem; }
.part > .hint, .card > .hint { margin-bottom: 0.8rem; }
.part { margin: 2rem 0 0; }
.stack { display: grid; gap: 1.1rem; margin: 0 0 1rem; }
.stack > *, .stack .field { min-width: 0; }
.stack p { margin: 0; }
.stack .hint { margin-top: 0.35rem; }
.inline { display: flex; flex-wrap: wrap; align-items: end; gap: 0.7rem; margin: 0 0 1.2rem; }
.inline .field { flex: 1 1 13rem; }
.bareform { display: inline; }
.row { margin: 0; }

label, legend { display: block; font-weight: 600; font-size: 0.95rem; margin: 0 0 0.3rem; padding: 0; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
input:not([type=checkbox], [type=radio]), textarea, select {
  width: 100%; min-height: 2.9rem; padding: 0.6rem 0.8rem; font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--edge); border-radius: 0.6rem;
}
textarea { resize: vertical; line-height: 1.45; }
input:focus-visible, textarea:focus-visible, select:focus-visible { outline-offset: 0; border-radius: 0.6rem; }
input[type=file] { padding: 0.5rem; }
input::file-selector-button { font: inherit; padding: 0.3rem 0.8rem; margin-right: 0.8rem; border: 1px solid var(--edge); border-radius: 0.45rem; background: var(--paper); color: var(--ink); }
input[inputmode=decimal] { font-size: 1.35rem; font-variant-numeric: tabular-nums lining-nums; }
.amounts { display: grid; gap: 1.1rem; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); align-items: start; }
.amounts select { min-height: 3.3rem; }
.choice { display: flex; align-items: center; gap: 0.7rem; min-height: 2.75rem; }
.choice label { margin: 0; font-weight: 400; flex: 1; padding: 0.5rem 0; }
.choice input { width: 1.3rem; height: 1.3rem; flex: none; margin: 0; accent-color: var(--accent); }
.joined { display: flex; gap: 0.5rem; align-items: start; }
.joined input, .joined textarea { flex: 1; min-width: 0; font-family: ui-monospace, monospace; font-size: 0.9rem; text-overflow: ellipsis; }
.joined .button { min-height: 2.9rem; }
.copyable { margin: 0 0 1rem; }
.more { margin: 0 0 0.4rem; }
.more summary { cursor: pointer; padding: 0.6rem 0; color: var(--accent); }
.more[open] summary { margin-bottom: 0.4rem; }

.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.55rem; min-height: 2.9rem; padding: 0.55rem 1.15rem; border-radius: 0.7rem; border: 1px solid transparent;
  font: 600 1rem/1.25 system-ui, sans-serif; text-decoration: none; cursor: pointer; text-align: center; max-width: 100%; overflow-wrap: anywhere;
}
.button.main { background: var(--accent); color: var(--on-accent); }
.button.main:hover { background: color-mix(in srgb, var(--accent) 88%, var(--ink)); }
.button.plain { background: var(--card); color: var(--ink); border-color: var(--edge); }
.button.plain:hover, .button.quiet:hover { background: var(--tint); }
.button.quiet { background: none; color: var(--accent); padding-inline: 0.4rem; text-decoration: underline; text-underline-offset: 0.15em; }
.button.danger { background: var(--card); color: var(--bad); border-color: var(--bad); }
.button.danger:hover { background: var(--bad-tint); }
.stack > .button.main { min-height: 3.2rem; font-size: 1.05rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.7rem; align-items: center; margin: 1.2rem 0 0; max-width: none; }
.stack .actions { margin: 0; }
@media (min-width: 36.01rem) { .stack > .button:not(.main) { justify-self: start; } }
@media (max-width: 36rem) { .stack > .button, .stack > .actions > .button { width: 100%; } }

.notice { display: flex; gap: 0.75rem; align-items: flex-start; padding: 0.8rem 1rem; border-radius: 0.8rem; margin: 0 0 1.2rem; max-width: none; }
.notice p { margin: 0; }
.notice p + p, .notice form { margin-top: 0.5rem; }
.notice .icon { margin-top: 0.08em; }
.notice.good { background: var(--tint); }
.notice.good > .icon { color: var(--accent); }
.notice.bad { background: var(--bad-tint); }
.notice.bad > .icon { color: var(--bad); }
.notice.calm { background: var(--warm-tint); }
.notice.calm > .icon { color: var(--warm); }
.details { font-size: 0.9rem; color: var(--quiet); overflow-wrap: anywhere; }
.state { display: inline-block; font-size: 0.88rem; padding: 0.08rem 0.55rem; border-radius: 1rem; white-space: normal; }
.state.open { background: var(--warm-tint); color: var(--warm); }
.state.good { background: var(--tint); color: var(--accent); }
.state.bad { background: var(--bad-tint); color: var(--bad); }
.state.quiet { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
.reason { display: block; font-size: 0.9rem; color: var(--quiet); margin-top: 0.2rem; overflow-wrap: anywhere; }

.facts { margin: 0 0 1.2rem; display: grid; gap: 0.45rem; }
.facts div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 0.9rem; }
.facts dt { color: var(--quiet); overflow-wrap: break-word; }
@media (max-width: 30rem) { .facts div { grid-template-columns: 6.9rem minmax(0, 1fr); gap: 0.6rem; } }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.empty { text-align: center; padding: 3rem 1.2rem; color: var(--quiet); }
.empty > .icon { width: 3rem; height: 3rem; color: var(--line); stroke-width: 1; }
.empty h2 { color: var(--ink); margin: 0.6rem 0 0.3rem; }
.empty p { margin-inline: auto; }
.empty .actions { justify-content: center; }

.letter { max-width: 44rem; }
.letter h1 { margin: 0 0 0.4rem; overflow-wrap: anywhere; }
.back { display: none; align-items: center; gap: 0.5rem; min-height: 2.75rem; text-decoration: none; }
.narrow .back { display: inline-flex; }
@media (max-width: 60rem) { .back { display: inline-flex; } }
.body { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1.1rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.9rem; max-width: none; }
.part.hand-over { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.2rem; box-shadow: var(--shadow); }
.hand-over .hint { margin-bottom: 1rem; }
.by-side { display: flex; flex-wrap: wrap; gap: 1.2rem 1.6rem; align-items: flex-start; }
.by-side figure { flex: 0 1 13rem; }
.by-side .hint { margin-bottom: 0; }
.ways { list-style: none; padding: 0; margin: 0; flex: 1 1 15rem; }
.ways a { display: flex; gap: 0.9rem; align-items: flex-start; padding: 0.7rem 0.6rem; border-radius: 0.7rem; text-decoration: none; color: var(--ink); min-height: 3rem; }
.ways a:hover { background: var(--tint); }
.ways .icon { color: var(--accent); }
.ways .hint { display: block; margin: 0.1rem 0 0; }
.qr { display: block; width: 100%; max-width: 16rem; height: auto; border-radius: 0.6rem; border: 1px solid var(--line); background: #ffffff; }
footer.part { border-top: 1px solid var(--line); padding-top: 0.8rem; }

.welcome { display: grid; grid-template-columns: minmax(0, 1.2fr) minmax(19rem, 25rem); gap: 2.5rem 4rem; align-items: start; padding-top: 4vh; }
.welcome h1 { font-size: clamp(2.2rem, 7vw, 3.6rem); letter-spacing: -0.03em; line-height: 1.08; }
.welcome .lead { font-size: 1.25rem; }
.points { list-style: none; padding: 0; display: grid; gap: 0.7rem; }
.points li { display: flex; gap: 0.8rem; }
.points .icon { color: var(--accent); margin-top: 0.1em; }
.welcome .actions .button { min-height: 3.3rem; padding-inline: 1.6rem; font-size: 1.1rem; }
.treasure { display: flex; align-items: flex-end; gap: 0.4rem; margin: 2.2rem 0 0; max-width: 34rem; }
.treasure .pile { flex: 0 1 auto; min-width: 0; }
.doors { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.2rem; align-items: start; margin-top: 1.2rem; }
@media (max-width: 60rem) { .welcome { grid-template-columns: minmax(0, 1fr); padding-top: 0; gap: 2rem; } .welcome .card { max-width: 34rem; } }
.passkey { margin: 0 0 0.8rem; }
.passkey .button { width: 100%; }
.door-change { margin: 1rem 0 0; }
.inline.door-change { align-items: center; }
.words { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: 0.6rem; padding: 0; list-style: none; counter-reset: word; margin: 0 0 1.2rem; }
.words li { counter-increment: word; display: flex; align-items: baseline; gap: 0.6rem; padding: 0.6rem 0.8rem; border: 1px solid var(--line); border-radius: 0.6rem; font-weight: 600; background: var(--paper); }
.words li::before { content: counter(word); color: var(--quiet); font-size: 0.82rem; font-weight: 400; min-width: 1.1rem; text-align: right; }
.words-card { max-width: 36rem !important; }
`;
