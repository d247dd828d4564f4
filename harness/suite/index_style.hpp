// The look of the page of a suite: that of report.html.
#pragma once

#include <string_view>

namespace squall::harness::suite {

inline constexpr std::string_view index_style = R"(
:root { color-scheme: light dark;
  --page: #ffffff; --panel: #f6f7f9; --text: #1c2126; --dim: #667078; --line: #d5d9dd;
  --ok: #2f74c0; --info: #d98e12; --bad: #cf2f2f; --good: #24793f; --not-run: #a9b0b6;
  --info-text: #94600a; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14171a; --panel: #1d2126; --text: #e4e7ea; --dim: #929ba4; --line: #363c43;
  --ok: #5b9fe6; --info: #e0a030; --bad: #ff6b63; --good: #46b06c; --not-run: #626a72;
  --info-text: #e0a030; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1500px; margin: 0 auto; padding: 20px 24px 60px; }
h1 { font-size: 22px; line-height: 1.35; margin: 0 0 10px; padding: 14px 18px; border-radius: 8px;
  border-left: 8px solid var(--dim); background: var(--panel); overflow-wrap: anywhere; }
h1.valid { border-color: var(--good); } h1.invalid { border-color: var(--bad); }
h1.unknown, h1.void { border-color: var(--info); }
h2 { font-size: 18px; margin: 30px 0 8px; } h3 { font-size: 15px; margin: 12px 0 4px; }
a { color: var(--ok); } .dim, small { color: var(--dim); font-weight: normal; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 8px 12px; overflow-x: auto; font: 13px/1.5 ui-monospace, monospace; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; margin: 6px 0; }
th, td { text-align: left; vertical-align: top; padding: 3px 16px 3px 0;
  border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; white-space: nowrap; }
summary { cursor: pointer; margin: 12px 0; }
.tag { font-size: 12px; font-weight: 600; padding: 1px 7px; border-radius: 9px;
  color: var(--page); background: var(--dim); }
.tag.valid { background: var(--good); } .tag.invalid { background: var(--bad); }
.tag.unknown, .tag.void { background: var(--info-text); }
.tag, .scroll td { overflow-wrap: normal; } .when { white-space: nowrap; }
.finding { border: 1px solid var(--line); border-radius: 8px; padding: 4px 16px 8px; margin: 10px 0;
  overflow-wrap: anywhere; }
.finding.invalid { border-left: 4px solid var(--bad); }
.rest td:last-child { min-width: 16em; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; margin: 6px 0; }
.swatch { display: inline-block; width: 14px; height: 11px; border-radius: 2px; margin-right: 6px; }
.matrix th, .matrix td { white-space: nowrap; padding: 3px 10px; border: 1px solid var(--line); }
.matrix td.cell { text-align: right; font-variant-numeric: tabular-nums; border-left-width: 5px; }
.matrix .valid { border-left-color: var(--good); }
.matrix .invalid { border-left-color: var(--bad); background: color-mix(in srgb, var(--bad) 12%, transparent); }
.matrix .unknown, .matrix .void { border-left-color: var(--info); }
.matrix .not_run, .matrix .quarantined { border-left-color: var(--not-run); }
.swatch.valid, .bar .valid { background: var(--good); }
.swatch.invalid, .bar .invalid { background: var(--bad); }
.swatch.unknown, .swatch.void, .bar .unknown, .bar .void { background: var(--info); }
.swatch.not_run, .swatch.quarantined, .bar .not_run, .bar .pending { background: var(--not-run); }
.bar { display: inline-flex; width: 160px; height: 12px; border-radius: 3px; overflow: hidden; }
@media (max-width: 640px) {
  .matrix th { white-space: normal; }
  .matrix tr > th:first-child { position: sticky; left: 0; min-width: 7.5em; max-width: 9em;
    padding: 3px 6px; background: var(--page); } }
.bar i { display: block; height: 100%; }
)";

}  // namespace squall::harness::suite
