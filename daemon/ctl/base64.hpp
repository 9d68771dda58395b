// Bytes inside JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::ctl {

std::string to_base64(std::string_view bytes);

// nullopt where it is none.
std::optional<std::string> from_base64(std::string_view text);

// Whether JSON carries it as a string without growing much: UTF-8 with few control characters.
bool is_plain_text(std::string_view bytes);

}  // namespace sim52xx::ctl
