// HTTP as curl's users know it: headers from -H, the head of an answer for -i, a status in words.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "daemon/ctl/failure.hpp"

namespace sim52xx::ctl {

using Header = std::pair<std::string, std::string>;

// "Name: value"; "Name;" for one without a value.
Outcome<Header> parse_header(std::string_view text);

// Those of every -H: a header, or @FILE with one a line.
Outcome<std::vector<Header>> read_headers(const std::vector<std::string>& given);

bool has_header(const std::vector<Header>& headers, std::string_view name);

// "404 Not Found"; the number alone where it has no name.
std::string status_text(int status);

// The head of the answer, as HTTP/1.1 has it, with the empty line that ends it.
std::string head_text(const nlohmann::json& result);

}  // namespace sim52xx::ctl
