#include "protocol/result_codes.hpp"

#include <array>
#include <span>
#include <string_view>

namespace sim52xx {
namespace {

constexpr std::array<std::string_view, 9> https_codes{
    "ok",           "unknown error",   "busy",          "server closed",
    "timeout",      "transfer failed", "out of memory", "invalid parameter",
    "network error"};

constexpr std::array<std::string_view, 11> ftps_codes{"ok",
                                                      "SSL verify alert",
                                                      "unknown error",
                                                      "busy",
                                                      "server closed",
                                                      "timeout",
                                                      "transfer failed",
                                                      "out of memory",
                                                      "invalid parameter",
                                                      "rejected by the server",
                                                      "network error"};

constexpr std::array<std::string_view, 10> ssl_codes{"ok",
                                                     "alerting state",
                                                     "unknown error",
                                                     "busy",
                                                     "peer closed",
                                                     "timeout",
                                                     "transfer failed",
                                                     "out of memory",
                                                     "invalid parameter",
                                                     "network error"};

std::span<const std::string_view> codes(Stack stack) {
  switch (stack) {
    case Stack::https:
      return https_codes;
    case Stack::ftps:
      return ftps_codes;
    case Stack::ssl:
      return ssl_codes;
    case Stack::none:
      break;
  }
  return {};
}

}  // namespace

std::string result_text(Stack stack, long code) {
  const auto list = codes(stack);
  const bool known = code >= 0 && static_cast<std::size_t>(code) < list.size();
  const std::string_view text = known ? list[static_cast<std::size_t>(code)] : "unknown result";
  return std::string(text) + " (" + std::to_string(code) + ")";
}

}  // namespace sim52xx
