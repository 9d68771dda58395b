#include "daemon/ctl/ftps_view.hpp"

#include <algorithm>

#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl {
namespace {

std::string modified_text(const json& entry) {
  std::string when = text(entry, "modified");
  std::replace(when.begin(), when.end(), 'T', ' ');
  return when;
}

Cell name_cell(const json& entry) {
  const std::string type = text(entry, "type");
  std::string name = text(entry, "name");
  if (name.empty()) name = text(entry, "raw");
  if (type == "directory") return {name + "/", Ink::accent};
  if (type == "link") return {name + "@", Ink::accent};
  return name;
}

std::string size_cell(const json& entry) {
  return member(entry, "size").is_number() ? size_text(count(entry, "size")) : "";
}

}  // namespace

std::string listing_text(const json& entries, Listing form, const Style& style) {
  std::string lines;
  if (!entries.is_array()) return lines;
  if (form != Listing::table) {
    for (const json& entry : entries)
      lines += text(entry, form == Listing::raw ? "raw" : "name") + "\n";
    return lines;
  }
  Table table({">SIZE", "MODIFIED", "NAME"});
  for (const json& entry : entries)
    table.add({size_cell(entry), modified_text(entry), name_cell(entry)});
  return table.empty() ? "" : table.text(style);
}

std::string steps_text(const json& steps, const Style& style) {
  if (!steps.is_array() || steps.empty()) return {};
  Table table({"STEP", "ON", "RESULT"});
  for (const json& step : steps) {
    Phrase result;
    if (member(step, "bytes").is_number()) result.add(size_text(count(step, "bytes")));
    if (const json& entries = member(step, "entries"); entries.is_array())
      result.add(std::to_string(entries.size()) + (entries.size() == 1 ? " entry" : " entries"));
    if (member(step, "verified") == true) result.add("verified");
    table.add({Cell(text(step, "op"), Ink::bold), text(step, "path"),
               result.text().empty() ? "done" : result.text()});
  }
  return table.text(style);
}

}  // namespace sim52xx::ctl
