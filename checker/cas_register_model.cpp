#include "checker/cas_register_model.hpp"

#include <fmt/format.h>

namespace squall::checker {

std::optional<std::string> CasRegisterModel::reject(const history::Operation& operation) const {
    const std::string& function = operation.function;
    if (function == "cas") {
        const auto* arguments = operation.argument.as_list();
        const bool two = arguments != nullptr && arguments->size() == 2;
        return two ? std::nullopt
                   : std::optional(fmt::format("the argument of a cas is {}, not [expected, new]",
                                               to_text(operation.argument)));
    }
    if (function == "read" || function == "write" || function == "delete") {
        return std::nullopt;
    }
    return fmt::format("function \"{}\" is none of read, write, cas, delete", function);
}

}  // namespace squall::checker
