/// The style sheet of reports.
enum HTMLStyle {
    static let sheet = """
        :root { --page: #ffffff; --ink: #1c1c1e; --quiet: #5c5c63; --rule: #c9c9d0;
          --shade: #f3f3f6; --accent: #0b5fa5; --bad: #a8200d; --good: #1c6b3a; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #16171a; --ink: #e8e8ea; --quiet: #a5a5ad; --rule: #43444b;
            --shade: #212227; --accent: #6fb6ef; --bad: #ff8f7d; --good: #7fd09b; }
          .drawing svg { filter: brightness(1.3); }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 76rem; background: var(--page);
          color: var(--ink); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--rule); }
        h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
        a { color: var(--accent); }
        nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: .75rem; }
        .question { color: var(--quiet); font-size: 1.1rem; margin: .4rem 0; }
        li { margin: .2rem 0; }
        .finding { border-left: 4px solid var(--bad); padding: .3rem .8rem; margin: .6rem 0;
          background: var(--shade); }
        figure { margin: 0 0 2rem; }
        .scroll { overflow-x: auto; }
        .scroll { background:
            linear-gradient(to right, var(--page) 40%, transparent) left / 3rem 100% no-repeat local,
            linear-gradient(to left, var(--page) 40%, transparent) right / 3rem 100% no-repeat local,
            linear-gradient(to right, var(--rule), transparent) left / .8rem 100% no-repeat scroll,
            linear-gradient(to left, var(--rule), transparent) right / .8rem 100% no-repeat scroll; }
        table { border-collapse: collapse; border-top: 2px solid var(--ink);
          border-bottom: 2px solid var(--ink); font-variant-numeric: tabular-nums; }
        .title { font-weight: 600; margin: 0 0 .5rem; }
        th, td { padding: .3rem .6rem; text-align: left; vertical-align: bottom; }
        tbody th, tbody td { vertical-align: top; }
        .wide th, .wide td { font-size: .875rem; padding: .25rem .4rem; }
        td { white-space: nowrap; }
        thead tr:last-child th, thead th[rowspan] { border-bottom: 1px solid var(--ink); }
        thead th { font-weight: 600; }
        thead th.group { text-align: center; border-bottom: 1px solid var(--rule); }
        tbody th { font-weight: 400; min-width: 9rem; max-width: 22rem; overflow-wrap: break-word; }
        tbody th, thead th[rowspan]:first-child { position: sticky; left: 0; background: var(--page); }
        tbody tr:hover { background: var(--shade); }
        .number { text-align: right; }
        .number sup { display: inline-block; width: 0; }
        .spread, .reference th { color: var(--quiet); }
        tr.parted th, tr.parted td { border-top: 1px solid var(--ink); }
        td.missing { color: var(--bad); }
        sup { font-size: .7em; line-height: 0; }
        figcaption { color: var(--quiet); font-size: .875rem; margin-top: .5rem; max-width: 48rem; }
        figcaption p { margin: .15rem 0; }
        .figures { display: grid; gap: 1.5rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
        .drawing { margin: 0; min-width: 0; }
        .drawing svg { display: block; width: 100%; min-width: 26rem; height: auto; }
        .note { color: var(--quiet); font-size: .875rem; max-width: 48rem; margin: .15rem 0 .6rem; }
        .trial { border-top: 1px solid var(--rule); padding: .4rem 0; }
        .trial dl:first-of-type div:first-child dd { font-size: .8em; }
        .trial summary { cursor: pointer; overflow-wrap: anywhere; }
        .status { display: inline-block; min-width: 5rem; color: var(--quiet); }
        .status.finished { color: var(--good); }
        .status.failed { color: var(--bad); font-weight: 600; }
        .reason { color: var(--bad); overflow-wrap: anywhere; }
        code { font-size: .85em; color: var(--quiet); }
        dl { margin: .5rem 0; display: grid; gap: .1rem 1.5rem;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
        dl div { display: flex; gap: .75rem; justify-content: space-between;
          border-bottom: 1px dotted var(--rule); }
        dt { color: var(--quiet); }
        dd { margin: 0; text-align: right; overflow-wrap: anywhere;
          font-variant-numeric: tabular-nums; }
        @media (max-width: 40rem) {
          th, td { padding: .25rem .45rem; font-size: .875rem; }
          tbody th { min-width: 6.5rem; }
        }
        @media print {
          :root { --page: #ffffff; --ink: #000000; --quiet: #333333; --rule: #999999;
            --shade: #ffffff; --accent: #000000; --bad: #000000; --good: #000000; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          nav { display: none; }
          .scroll { overflow: visible; }
          .figures { grid-template-columns: 1fr 1fr; }
          .drawing svg { min-width: 0; filter: none; }
          th, td, .wide th, .wide td { padding: .15rem .4rem; font-size: 8pt; }
          dl { font-size: 7.5pt; gap: 0 1.5rem; }
          h2 { break-after: avoid; }
          details::details-content { content-visibility: visible; block-size: auto; }
          figure, .trial { break-inside: avoid; }
        }

        """
}
