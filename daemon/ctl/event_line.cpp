#include "daemon/ctl/event_line.hpp"

#include <algorithm>
#include <array>

#include "daemon/ctl/error_text.hpp"
#include "daemon/ctl/fields.hpp"
#include "daemon/ctl/job_view.hpp"
#include "daemon/ctl/labels.hpp"

namespace sim52xx::ctl {
namespace {

constexpr std::size_t subject_width = 10;

// What the line begins with: who it is about. The first one that is there.
constexpr std::array<std::string_view, 4> subjects{"session", "job_id", "name", "user"};
// What is told otherwise, or asked for by nobody.
constexpr std::array<std::string_view, 19> not_words{
    "seq",         "time",    "type",    "state",      "progress", "error", "job",
    "waiting_for", "created", "started", "finished",   "owner",    "up",    "down",
    "client",      "mono_ns", "boot_id", "client_ref", "clean"};

struct Word {
  std::string_view name;
  std::string_view before;  // its value, instead of the name
};

// In this order, and before the others.
constexpr std::array words_first{
    Word{"target", "to "}, Word{"stack", "stack "}, Word{"id", "session "}, Word{"mode", ""},
    Word{"kind", ""},      Word{"reason", ""},      Word{"verdict", ""},    Word{"bits", ""},
    Word{"device", ""},    Word{"model", ""},       Word{"operator", ""},   Word{"technology", ""},
    Word{"line", ""},
};

struct TypeInk {
  std::string_view end;  // of the type
  Ink ink;
};

constexpr std::array type_inks{
    TypeInk{".open", Ink::good},       TypeInk{".granted", Ink::good},
    TypeInk{".registered", Ink::good}, TypeInk{".ready", Ink::good},
    TypeInk{".alert", Ink::bad},       TypeInk{".absent", Ink::bad},
    TypeInk{".lost", Ink::bad},        TypeInk{".rebooted", Ink::bad},
    TypeInk{".failed", Ink::bad},      TypeInk{".recovery", Ink::fair},
    TypeInk{".recovering", Ink::fair}, TypeInk{".waiting", Ink::fair},
    TypeInk{".preempted", Ink::fair},  TypeInk{".stopping", Ink::fair},
    TypeInk{".closed", Ink::dim},      TypeInk{".released", Ink::dim},
    TypeInk{".progress", Ink::accent},
};

Ink ink_of_type(std::string_view type) {
  const auto* at = std::find_if(type_inks.begin(), type_inks.end(),
                                [&](const TypeInk& known) { return type.ends_with(known.end); });
  return at == type_inks.end() ? Ink::plain : at->ink;
}

bool is_any_of(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string words_of(const json& value) {
  if (const std::string host = text(value, "host"); !host.empty())
    return text(value, "port").empty() ? host : host + ":" + text(value, "port");
  if (!value.is_array()) return plain(value);
  Phrase words;
  for (const json& entry : value)
    words.add(plain(entry));
  return words.text();
}

bool is_empty(const json& value) {
  return value.is_null() || value == "" || (value.is_structured() && value.empty());
}

// The members that have no place of their own.
void add_rest(Phrase& words, const json& object, std::string_view subject) {
  std::string before;
  const auto add = [&](std::string_view name, const json& value) {
    if (name == subject || is_any_of(not_words, name) || is_empty(value)) return;
    words.add(before, words_of(value));
  };
  for (const Word& word : words_first) {
    before = word.before;
    add(word.name, member(object, word.name));
  }
  for (const auto& [name, value] : object.items()) {
    const auto same = [&](const Word& word) { return word.name == name; };
    if (std::any_of(words_first.begin(), words_first.end(), same)) continue;
    before = name + " ";
    add(name, value);
  }
}

std::string when_text(const json& event, const Style& style) {
  const auto time = parse_time(text(event, "time"));
  return style.paint(time ? time_of_day(*time) : text(event, "time"), Ink::dim);
}

std::string_view subject_of(const json& object) {
  for (const std::string_view name : subjects)
    if (!text(object, name).empty()) return name;
  return {};
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

}  // namespace

std::string event_line(const json& event, const Style& style, WallTime now) {
  const std::string type = text(event, "type");
  const json& job = member(event, "job");
  const json& about = job.is_object() ? job : event;
  const WallTime then = parse_time(text(event, "time")).value_or(now);
  const auto subject = subject_of(about);
  std::string who = subject.empty() ? "" : text(about, subject);
  if (subject == "job_id") who.insert(0, "job ");

  const std::string state = text(about, "state");
  Phrase words;
  words.add(style.paint(state, ink_of_state(state)))
      .add(progress_text(member(about, "progress")))
      .add("waits ", waiting_text(member(about, "waiting_for"), then));
  if (const json& client = member(about, "client"); client.is_object())
    words.add("pid ", text(client, "pid")).add("uid ", text(client, "uid"));
  const json& error = member(about, "error");
  if (!error.is_null()) words.add(style.paint(error_line(error), Ink::bad));
  for (const std::string_view way : {"up", "down"})
    if (const std::uint64_t bytes = count(about, way); bytes > 0)
      words.add(size_text(bytes), std::string(" ").append(way));
  if (member(about, "clean") == false) words.add(style.paint("not clean", Ink::fair));
  add_rest(words, about, subject);
  if (&about != &event) add_rest(words, event, subject);

  return when_text(event, style) + "  " + style.paint(padded(type, 18), ink_of_type(type)) + " " +
         style.paint(padded(who, subject_width), Ink::bold) + " " + words.text();
}

}  // namespace sim52xx::ctl
