// Bodies inside JSON: as text where they are UTF-8, else in base64 (RFC 4648, with padding).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim52xx::daemon {

std::string to_base64(std::string_view bytes);

// nullopt for anything but canonical base64: other letters, white space, missing padding.
std::optional<std::string> from_base64(std::string_view text);

// As RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

}  // namespace sim52xx::daemon
