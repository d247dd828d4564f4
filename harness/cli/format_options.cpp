#include "harness/cli/format_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/failure.hpp"
#include "history/text_input.hpp"

namespace squall::harness::cli {

namespace formats = history::formats;

void add_format_options(CLI::App& command, FormatOptions& options) {
    command.add_option("--format",
                       options.format,
                       "jsonl, jepsen-edn, knossos-edn, porcupine-kv, jepsen-log or hist-v1; else "
                       "by what the file looks like");
    command.add_option("--failed-cas",
                       options.failed_cas,
                       "A failed cas without a value: strict (the value was another) or drop; else "
                       "as the format's own tool has it");
    command.add_option("--keyed",
                       options.keyed,
                       "yes or no: is every value in EDN [key value] (jepsen.independent)? Else by "
                       "how reads begin");
}

formats::ReadOptions read_options(const FormatOptions& options) {
    formats::ReadOptions read;
    if (!options.format.empty()) {
        read.format = formats::find_format(options.format);
        if (!read.format) {
            throw UsageError(fmt::format("--format: there is no format \"{}\"; see docs/formats.md",
                                         history::printable(options.format)));
        }
    }
    if (options.failed_cas == "strict" || options.failed_cas == "drop") {
        read.failed_cas =
            options.failed_cas == "strict" ? formats::FailedCas::strict : formats::FailedCas::drop;
    } else if (!options.failed_cas.empty()) {
        throw UsageError("--failed-cas: strict or drop");
    }
    if (options.keyed == "yes" || options.keyed == "no") {
        read.keyed = options.keyed == "yes";
    } else if (!options.keyed.empty()) {
        throw UsageError("--keyed: yes or no");
    }
    return read;
}

}  // namespace squall::harness::cli
