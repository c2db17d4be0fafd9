/** Offers, purse, lists of the history, settings; banknotes on screen and on paper. */
export const MONEY = `
.over { color: var(--quiet); margin: 0 0 0.2rem; }
.offer .amount { font-size: clamp(2.4rem, 12vw, 3.4rem); margin-bottom: 0.6rem; }
.offer-subject { font-size: 1.15rem; font-weight: 600; }
.offer .strange .unit { display: block; font-size: 1.25rem; line-height: 1.35; letter-spacing: 0; margin-top: 0.2rem; }
.offer .stack { margin: 1.2rem 0; }
.offer .facts { margin-top: 1.2rem; }
.promises .caution { color: var(--warm); }
.currency h3 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 0.8rem; }
.drop-here { display: none; align-items: center; justify-content: center; gap: 0.6rem; margin: 1rem 0 0; padding: 1.2rem; border: 2px dashed var(--edge); border-radius: 0.8rem; color: var(--quiet); max-width: none; }
@media (hover: hover) and (pointer: fine) { .js .drop-here { display: flex; } }
[data-drop].over { border-color: var(--accent); background: var(--tint); }
.over .drop-here { border-color: var(--accent); color: var(--ink); }
.finder { max-width: 30rem; }
.finder video { display: block; width: 100%; border-radius: 0.8rem; background: #000000; margin: 0.8rem 0; aspect-ratio: 4 / 3; object-fit: cover; }

/* Fields for one of the choices; a browser without :has shows them always, with their hints. */
form:has(.only-amount):not(:has([name=how][value=amount]:checked)) .only-amount, form:has(.only-titles):not(:has([name=how][value=titles]:checked)) .only-titles, form:has(.only-voucher):not(:has([name=rail][value=voucher]:checked)) .only-voucher, form:has(.only-other):not(:has([name=to][value=other]:checked)) .only-other { display: none; }
@supports selector(:has(a)) { .only-voucher .hint, .only-other .hint { display: none; } }

.purse h2 { margin: 0 0 0.4rem; }
.purse h2 .amount { margin: 0; }
.piles { list-style: none; display: flex; flex-wrap: wrap; align-items: flex-end; gap: 1.1rem 0.7rem; padding: 0.4rem 0 0; margin: 0 0 0.6rem; }
.piles li { display: flex; flex-direction: column; align-items: center; text-align: center; width: 7.2rem; }
.piles b { white-space: nowrap; font-variant-numeric: tabular-nums lining-nums; margin-top: 0.4rem; }
.piles .hint { font-size: 0.82rem; margin: 0; }
.pile { height: auto; filter: drop-shadow(0 2px 3px rgb(0 0 0 / 18%)); }
@media (max-width: 30rem) { .piles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); } .piles li { width: auto; } .piles b { font-size: 0.92rem; } .pile { max-width: 100%; } }
.pending { list-style: none; padding: 0; }
.instructions { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.8rem 1rem; border-radius: 0.7rem; background: var(--warm-tint); }

.entries { list-style: none; padding: 0; margin: 0 0 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
.entries li { max-width: none; padding-inline: 1.2rem; }
.entries li + li { border-top: 1px solid var(--line); }
.entries .unit { font-size: 0.85rem; }
.entries .who { font-weight: 600; overflow-wrap: break-word; hyphens: auto; }
.entries .subject { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; font-weight: 650; padding: 0.4rem 0; }
th, td { text-align: left; padding: 0.5rem 0.9rem 0.5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: 0.9rem; color: var(--quiet); }
.number { text-align: right; padding-right: 0; white-space: nowrap; }

.contents ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; padding: 0; }
.contents a { display: inline-block; padding: 0.5rem 0; }
.setting { scroll-margin-top: 1rem; }
.setting > .hint { margin: -0.4rem 0 1rem; font-size: 0.97rem; }
.rows { list-style: none; padding: 0; margin: 0 0 0.6rem; }
.rows li { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.6rem; padding: 0.6rem 0; max-width: none; }
.rows li + li { border-top: 1px solid var(--line); }
.rows span { min-width: 0; overflow-wrap: anywhere; }
.rows .hint { display: block; margin: 0; }

.codes { max-width: 40rem !important; }
.codes .copyable { margin-top: 2rem; }
.frames { list-style: none; padding: 0; display: grid; gap: 2rem; margin: 0 0 1rem; }
.frames .qr { max-width: 28rem; border-radius: 0.4rem; }

.note-page { max-width: 48rem; margin: 0 auto; }
.cut { position: relative; width: min(100%, 180mm); padding: 4mm; border: 1px dashed var(--edge); background: #ffffff; margin: 1.5rem 0 0; }
.cut::before { content: "\\2702  " attr(data-cut); position: absolute; top: -0.8em; left: 1.2rem; padding: 0 0.5rem; background: var(--paper); color: var(--quiet); font-size: 0.85rem; }
.banknote { position: relative; aspect-ratio: 1600 / 750; container-type: inline-size; overflow: hidden; color: #15221f; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.banknote + .banknote { margin-top: 4mm; }
.engraving { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.face { position: absolute; inset: 0; font-family: Georgia, "Times New Roman", serif; font-size: 2.2cqw; line-height: 1.25; }
.face p, .face h2 { margin: 0; position: absolute; max-width: none; }
.face .kind { left: 12cqw; top: 7.2cqw; font-size: 2.3cqw; letter-spacing: 0.14em; text-transform: uppercase; }
.face .worth { left: 6cqw; width: 56cqw; top: 15cqw; text-align: center; font-weight: 700; letter-spacing: -0.02em; line-height: 1.1; font-variant-numeric: lining-nums; -webkit-text-stroke: 0.9cqw #ffffffcc; paint-order: stroke fill; }
.face .large { font-size: 13cqw; }
.face .middle { font-size: 9cqw; top: 17.5cqw; }
.face .small { font-size: 5.6cqw; top: 19.5cqw; }
.face .unit-name { left: 8cqw; width: 52cqw; top: 30.5cqw; text-align: center; font-size: 3.6cqw; line-height: 1.1; max-height: 8cqw; overflow: hidden; overflow-wrap: anywhere; -webkit-text-stroke: 0.6cqw #ffffffcc; paint-order: stroke fill; }
.face .serial { right: 9cqw; top: 38.3cqw; font: 2.1cqw ui-monospace, monospace; letter-spacing: 0.06em; }
.face .from { left: 12cqw; bottom: 6.8cqw; font-size: 2cqw; width: 48cqw; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.face .code { position: absolute; right: 8cqw; top: 7.4cqw; width: 30cqw; padding: 0; background: #ffffff; }
.face .qr { max-width: none; border: 0.25cqw solid #15221f; border-radius: 0; }
.face .panel { position: absolute; inset: 7.6cqw 9cqw; background: rgb(255 255 255 / 86%); padding: 2.2cqw 4cqw; }
.face .panel > * { position: static; }
.face .panel h2 { font-size: 3.2cqw; margin: 0 0 1cqw; }
.face .panel ol { margin: 0; padding-left: 3.4cqw; font-size: 2.35cqw; }
.face .panel li { margin: 0 0 0.8cqw; max-width: none; }
.face .dedication { font-style: italic; font-size: 2.6cqw; text-align: center; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.face .panel .secret { position: absolute; bottom: 1.8cqw; left: 4cqw; font-size: 2.1cqw; }

@page { margin: 10mm; }
@media print {
  :root { --ink: #000000; --paper: #ffffff; --card: #ffffff; --quiet: #333333; --line: #bbbbbb; }
  .rail, .bar, .drawer, .top, .door, .off-paper, .skip, .news, .notice, .actions, .button { display: none !important; }
  .inside { display: block; }
  .outside main, .inside.narrow main { padding: 0; max-width: none; }
  .cut { margin: 4mm 0 0; break-inside: avoid; }
  .card { box-shadow: none; break-inside: avoid; }
}
`;
