#include "daemon/ctl/job_view.hpp"

#include <algorithm>
#include <map>

#include "daemon/ctl/error_text.hpp"
#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/ftps_view.hpp"
#include "daemon/ctl/labels.hpp"
#include "daemon/ctl/table.hpp"

namespace sim52xx::ctl {
namespace {

std::string when_ago(const json& job, std::string_view name, WallTime now) {
  const auto time = parse_time(text(job, name));
  return time ? ago_text(age(*time, now)) : "";
}

// How long it ran, or has been running.
std::string took_text(const json& job, WallTime now) {
  const auto started = parse_time(text(job, "started"));
  if (!started) return {};
  return duration_text(age(*started, parse_time(text(job, "finished")).value_or(now)));
}

// Why it is not further, or what became of it.
std::string note_text(const json& job, WallTime now) {
  const json& error = member(job, "error");
  if (!error.is_null()) return error_line(error);
  const std::string waits = waiting_text(member(job, "waiting_for"), now);
  if (!waits.empty()) return "waits " + waits;
  const json& result = member(job, "result");
  return Phrase().add("status ", text(result, "status")).add("via ", text(result, "via")).text();
}

// What it came to, without the bodies.
std::string result_text(const json& result) {
  Phrase words;
  if (!result.is_object()) return {};
  for (const auto& [name, value] : result.items())
    if (value.is_primitive() && !value.is_null() && name != "job_id" && !name.starts_with("body"))
      words.add(name + " ", plain(value));
  return words.text();
}

std::string owner_text(const json& owner) {
  if (!owner.is_object()) return plain(owner);
  return Phrase().add("uid ", text(owner, "uid")).add("pid ", text(owner, "pid")).text();
}

}  // namespace

std::string job_table(const json& jobs, const Style& style, WallTime now) {
  Table table({"JOB", "REF", "KIND", "STATE", "PROGRESS", "MADE", "NOTE"});
  for (const json& job : jobs) {
    const std::string state = text(job, "state");
    table.add({Cell(text(job, "job_id"), Ink::bold), text(job, "client_ref"), text(job, "kind"),
               Cell(state, ink_of_state(state)), progress_text(member(job, "progress")),
               when_ago(job, "created", now), note_text(job, now)});
  }
  return table.text(style);
}

std::string job_view(const json& job, const Style& style, WallTime now) {
  const std::string state = text(job, "state");
  Labels page(style);
  page.add("Job", style.paint(text(job, "job_id"), Ink::bold));
  page.add("Ref", text(job, "client_ref"));
  page.add("Kind", text(job, "kind"));
  page.add("State", style.paint(state, ink_of_state(state)));
  page.add("Waits", waiting_text(member(job, "waiting_for"), now));
  page.add("Progress", progress_text(member(job, "progress")));
  const json& owner = member(job, "owner");
  if (!owner.is_null()) page.add("Owner", owner_text(owner));
  page.add("Made", when_ago(job, "created", now));
  page.add("Started", when_ago(job, "started", now));
  page.add("Finished", when_ago(job, "finished", now));
  page.add("Took", took_text(job, now));
  const json& error = member(job, "error");
  if (!error.is_null()) page.add("Error", error_line(error));
  const json& result = member(job, "result");
  page.add("Result", result_text(result));
  const std::string steps = steps_text(member(result, "steps"), style);
  return steps.empty() ? page.text() : page.text() + "\n" + steps;
}

std::string jobs_view(const json& jobs, const Style& style, WallTime now) {
  json going = json::array();
  std::map<std::string, int> over;
  for (const json& job : jobs) {
    const std::string state = text(job, "state");
    if (is_final(state))
      ++over[state];
    else
      going.push_back(job);
  }
  std::string all = going.empty() ? "" : job_table(going, style, now);
  Phrase counts;
  for (const auto& [state, number_of] : over)
    counts.add(std::to_string(number_of) + " " + style.paint(state, ink_of_state(state)));
  if (counts.text().empty()) return all;
  if (!all.empty()) all += "\n";
  return all + "Jobs that are over: " + counts.text() + " (sim52xxctl job list)\n";
}

std::string stage_text(const json& progress) {
  const std::string stage = text(progress, "stage");
  return stage.starts_with("step 1 of 1") ? "" : stage;
}

std::string progress_text(const json& progress) {
  const std::uint64_t moved = std::max(count(progress, "up"), count(progress, "down"));
  const std::uint64_t total = count(progress, "total");
  Phrase words;
  words.add(stage_text(progress));
  if (total > 0 && moved != total) {
    const double part = std::min(1.0, static_cast<double>(moved) / static_cast<double>(total));
    words.add(std::to_string(static_cast<int>(part * 100)) + " %");
    words.add(size_text(moved) + " of " + size_text(total));
  } else if (moved > 0) {
    words.add(size_text(moved));
  }
  return words.text();
}

bool is_final(std::string_view state) {
  return state == "done" || state == "failed" || state == "cancelled";
}

}  // namespace sim52xx::ctl
