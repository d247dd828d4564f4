// The bundled program and style sheet of report.html, in pieces that compilers accept as literals.
// Written by harness/report/web/embed.js during the build.
#pragma once

#include <span>
#include <string_view>

namespace squall::harness::report {

[[nodiscard]] std::span<const std::string_view> web_script();
[[nodiscard]] std::span<const std::string_view> web_style();

}  // namespace squall::harness::report
