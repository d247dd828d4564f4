#include "harness/report/html.hpp"

#include "harness/report/escape.hpp"
#include "harness/report/page_data.hpp"
#include "harness/report/web_bundle.hpp"
#include "harness/report/words.hpp"

namespace squall::harness::report {

std::string html(const Results& results, const Material& material, const Story& story) {
    const std::string sentence = escape_markup(shortened(headline(results), 2000));
    std::string page =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n";
    page += "<title>" + sentence + "</title>\n<style>\n";
    for (const std::string_view part : web_style()) {
        page += part;
    }
    page += "</style>\n</head>\n<body>\n<main id=\"report\">\n<h1 class=\"verdict " +
            escape_markup(to_string(results.verdict)) + "\">" + sentence +
            "</h1>\n<noscript><p>The drawings of this page need JavaScript; report.md, beside it, "
            "does without.</p></noscript>\n</main>\n<script type=\"application/json\" id=\"run\">";
    page += page_data(results, material, story);
    page += "</script>\n<script>\n";
    for (const std::string_view part : web_script()) {
        page += part;
    }
    page += "</script>\n</body>\n</html>\n";
    return page;
}

}  // namespace squall::harness::report
