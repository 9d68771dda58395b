#include "daemon/ctl/labels.hpp"

namespace sim52xx::ctl {

constexpr std::size_t label_width = 10;

void Labels::add(std::string_view label, std::string_view words) {
  if (words.empty()) return;
  std::string title(label);
  if (title.size() < label_width) title.resize(label_width, ' ');
  text_ += style_.paint(title, Ink::dim);
  text_.append(words).append("\n");
}

Phrase& Phrase::add(std::string_view words) {
  if (words.empty()) return *this;
  if (!text_.empty()) text_ += ", ";
  text_ += words;
  return *this;
}

Phrase& Phrase::add(std::string_view before, std::string_view words, std::string_view after) {
  if (words.empty()) return *this;
  return add(std::string(before).append(words).append(after));
}

}  // namespace sim52xx::ctl
