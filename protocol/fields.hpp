// One result line of the modem, taken apart: "+CMD: a,"b",,3" -> name and fields. Tolerates what
// the note and real firmware print: spaces around ':' and ',', quotes or none, empty fields, a
// trailing comma. Views into the line; allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sim52xx {

class Fields {
 public:
  static constexpr std::size_t capacity = 24;
  static constexpr std::size_t max_block = std::size_t{1} << 20U;  // far above any firmware's

  // Splits `line`, which must outlive this object. A line without ':' has a name only.
  explicit Fields(std::string_view line);

  [[nodiscard]] std::string_view name() const { return name_; }
  // All behind the colon, trimmed.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  // Number of fields; a trailing empty one is not counted. At most `capacity`.
  [[nodiscard]] std::size_t size() const;
  // Field `i` without its quotes; empty where there is none.
  [[nodiscard]] std::string_view text(std::size_t i) const;
  // Field `i` as a decimal or 0x number; nullopt where it is not exactly that.
  [[nodiscard]] std::optional<std::int64_t> number(std::size_t i) const;
  // Field `i` as the length of a counted block; nullopt where it is none, or is beyond max_block: a
  // garbled number must not make the reader swallow all that follows.
  [[nodiscard]] std::optional<std::size_t> length(std::size_t i) const;

 private:
  std::string_view name_;
  std::string_view rest_;  // split when it is asked for: mostly the first field decides
};

// The whole of `text` as a number, decimal or 0x hexadecimal.
std::optional<std::int64_t> to_number(std::string_view text);

}  // namespace sim52xx
