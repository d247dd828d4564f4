// report.html: a run as one self-contained page. The page's program and looks are bundled from
// harness/report/web at build time; the run goes in as one JSON value. No network is needed to look
// at it, and nothing that a run contains can act as markup or script.
#pragma once

#include <string>

#include "harness/report/material.hpp"
#include "harness/report/story.hpp"
#include "harness/results.hpp"

namespace squall::harness::report {

[[nodiscard]] std::string html(const Results& results,
                               const Material& material,
                               const Story& story = {});

}  // namespace squall::harness::report
