namespace Dogana.Insight.Board;

/// <summary>How the report looks on a screen, on a telephone and on paper.</summary>
internal static class BoardStyle
{
    /// <summary>
    /// Colours are those of Okabe and Ito (2008), which colour-blind readers tell apart, made dark enough for white paper (3:1 at least, WCAG 1.4.11); shapes, dashes and names at the lines say the
    /// same again.
    /// </summary>
    public const string Css = """
        :root { color-scheme: light; --ink: #16202b; --soft: #55606c; --rule: #d9dee4 }
        * { box-sizing: border-box }
        html { -webkit-text-size-adjust: 100%; print-color-adjust: exact; -webkit-print-color-adjust: exact }
        body { margin: 0; background: #fff; color: var(--ink); font: 16px/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif }
        main { max-width: 1180px; margin: 0 auto; padding: 40px 28px 60px }
        header h1 { font-size: 34px; line-height: 1.15; margin: 0 0 8px; letter-spacing: -.01em }
        header p { margin: 0 0 4px; color: var(--soft); max-width: 76ch }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(158px, 1fr)); gap: 0; margin: 28px 0 8px; border-top: 3px solid var(--ink) }
        .cards a { display: block; padding: 12px 16px 12px 0; color: inherit; text-decoration: none; border-bottom: 1px solid var(--rule) }
        .cards span { display: block; font-size: 13px; color: var(--soft) } .cards b { display: block; font-size: 22px; line-height: 1.25; font-variant-numeric: tabular-nums }
        .cards a:hover b, .cards a:focus b { text-decoration: underline }
        nav { font-size: 14px; margin: 14px 0 0 } nav a { color: #0a5a93; margin-right: 16px; white-space: nowrap }
        section { margin-top: 52px; border-top: 3px solid var(--ink); padding-top: 12px }
        h2 { font-size: 25px; line-height: 1.2; margin: 0 } h2 + p { margin: 2px 0 0; color: var(--soft) }
        figure { margin: 30px 0 0; display: grid; grid-template-columns: minmax(250px, 29%) minmax(0, 1fr); column-gap: 36px; border-top: 1px solid var(--rule); padding-top: 18px }
        section > figure:first-of-type { border-top: 0; padding-top: 4px }
        h3 { font-size: 17px; line-height: 1.3; margin: 0 0 6px } .says { margin: 0 0 8px; overflow-wrap: anywhere } .basis { margin: 0; font-size: 12.5px; line-height: 1.45; color: var(--soft); overflow-wrap: anywhere }
        .picture { min-width: 0 } .narrow { display: none } svg { display: block; width: 100%; height: auto; overflow: visible }
        details { grid-column: 1 / -1; margin-top: 10px; font-size: 13px } summary { cursor: pointer; color: #0a5a93; padding: 4px 0 } .scroll { overflow-x: auto }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums lining-nums; margin: 6px 0 } th, td { text-align: left; padding: 3px 14px 3px 0; border-bottom: 1px solid var(--rule); white-space: nowrap; vertical-align: top }
        th { color: var(--soft); font-weight: 600 } .n { text-align: right } code { font: 12px/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere }
        .notes { margin: 20px 0 0; padding: 10px 14px; background: #f3f5f7; font-size: 14px; list-style: none } .notes li + li { margin-top: 4px }
        footer { margin-top: 52px; border-top: 1px solid var(--rule); padding-top: 10px; font-size: 12.5px; color: var(--soft) }
        svg text { font: 12.5px "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; fill: var(--ink) } svg .tick { fill: var(--soft); font-size: 12px } svg .value { font-weight: 600; font-variant-numeric: tabular-nums }
        .grid { stroke: #e3e7eb; stroke-width: 1 } .axis { stroke: #8d97a1; stroke-width: 1 } .reference { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 4 3 } .join { stroke: #8d97a1; stroke-width: 1.2 }
        .interval { fill: #c9d3dd } .band { fill: #0072b2; fill-opacity: .16 } .bar { stroke: #fff; stroke-width: .8 } .point { stroke: #fff; stroke-width: 1.2 }
        .f0, .c0 { fill: #0072b2 } .f1, .c1 { fill: #cc4e00 } .f2, .c2 { fill: #00805c } .f3, .c3 { fill: #a6478a } .f4, .c4 { fill: #7a6300 } .f5, .c5 { fill: #868f99 }
        .f6, .c6 { fill: #1b4f72 } .f7, .c7 { fill: #7d2e46 } .f8, .c8 { fill: #3f6b1d } .f9, .c9 { fill: #5b3fa0 } .f10, .c10 { fill: #2f3a45 }
        svg text.c0, svg text.c1, svg text.c2, svg text.c3, svg text.c4, svg text.c5, svg text.c6, svg text.c7, svg text.c8, svg text.c9, svg text.c10 { font-weight: 600 }
        svg text.c0 { fill: #0072b2 } svg text.c1 { fill: #b84600 } svg text.c2 { fill: #00704f } svg text.c3 { fill: #a6478a } svg text.c4 { fill: #7a6300 } svg text.c5 { fill: #5f6872 }
        .l0, .l1, .l2, .l3, .l4, .l5, .l6, .l7, .l8, .l9, .l10 { fill: none; stroke-width: 2.2; stroke-linejoin: round }
        .l0 { stroke: #0072b2 } .l1 { stroke: #cc4e00; stroke-dasharray: 7 3 } .l2 { stroke: #00805c; stroke-dasharray: 2 3 } .l3 { stroke: #a6478a; stroke-dasharray: 9 3 2 3 } .l4 { stroke: #7a6300; stroke-dasharray: 4 2 } .l5 { stroke: #868f99 }
        .l6 { stroke: #1b4f72; stroke-dasharray: 12 3 } .l7 { stroke: #7d2e46; stroke-dasharray: 3 5 } .l8 { stroke: #3f6b1d; stroke-dasharray: 6 6 } .l9 { stroke: #5b3fa0; stroke-dasharray: 10 4 2 4 2 4 } .l10 { stroke: #2f3a45; stroke-dasharray: 1 3 }
        @media (max-width: 900px) { figure { grid-template-columns: minmax(0, 1fr); row-gap: 14px } }
        @media screen and (max-width: 620px) {
            main { padding: 22px 16px 40px } header h1 { font-size: 27px } .cards { grid-template-columns: 1fr 1fr } .cards b { font-size: 19px } .wide { display: none } .narrow { display: block }
        }
        @page { margin: 14mm 15mm }
        @media print {
            body { font-size: 10.5pt } main { max-width: none; padding: 0 } nav, summary { display: none } details:not([open]) { display: none }
            section { break-before: page; margin-top: 0 } section:first-of-type { break-before: auto; margin-top: 26px } figure { display: block; break-inside: avoid; margin-top: 16px; padding-top: 10px } .picture { margin-top: 8px } .basis { font-size: 8.5pt } h2, h3 { break-after: avoid }
            .cards { grid-template-columns: repeat(4, 1fr) } .cards b { font-size: 15pt }
        }
        """;
}
