#include "daemon/at/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "daemon/report/times.hpp"

namespace sim52xx::daemon {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t slice = 8192;         // of a payload; twice as much at most when written down
constexpr std::size_t longest_line = 4096;  // of the modem, until it is written down in parts
constexpr auto told_anew = 1s;              // the time of day, after a pause

// Makes the text of records.
class Writer {
 public:
  explicit Writer(Time now) : now_(now), today_(std::chrono::system_clock::now()) {}

  // `record.bytes` is taken.
  void add(WireRing::Record& record) {
    flush();
    kind_ = record.kind;
    at_ = record.at;
    form_ = std::move(record.bytes);
  }
  [[nodiscard]] std::size_t size() const { return text.size() + form_.size(); }

  void flush() {
    if (form_.empty()) return;
    stamp();
    if (kind_ == WireRing::Kind::event) {
      text += mask_text(form_, '!');
    } else if (kind_ == WireRing::Kind::modem) {
      text += mask_text(form_, '<');
    } else {
      if (form_ == "+++" && sent_ != Time{}) text += number('~', at_ - sent_, 1);
      sent_ = at_;
      text += mask_text(form_, '>');
    }
    form_.clear();
  }

  std::string text;

 private:
  static std::string number(char mark, Duration duration, int digits) {
    std::array<char, 48> words{};
    const auto seconds = std::chrono::duration<double>(duration).count();
    std::snprintf(words.data(), words.size(), "%c %.*f\n", mark, digits, seconds);
    return words.data();
  }

  void stamp() {
    if (told_ == Time{} || at_ >= told_ + told_anew) {
      const auto ago = std::chrono::duration_cast<std::chrono::system_clock::duration>(now_ - at_);
      text += "# " + rfc3339(today_ - ago) + "\n";
    }
    if (told_ != at_) text += number('@', at_.time_since_epoch(), 3);
    told_ = at_;
  }

  Time now_;
  std::chrono::system_clock::time_point today_;
  WireRing::Kind kind_ = WireRing::Kind::event;
  Time at_{};
  Time told_{};
  Time sent_{};
  std::string form_;
};

}  // namespace

Trace::Page Trace::page(std::uint64_t from, std::size_t size) {
  flush();
  ring_.seal();
  Page page;
  page.truncated = from < ring_.begin();
  page.next = std::max(from, ring_.begin());
  Writer writer(runtime_.now());
  if (page.truncated) writer.text = "# what came before this is lost\n";
  ring_.read(from, [&](WireRing::Record& record) {
    page.next = record.next;
    writer.add(record);
    return writer.size() < size;
  });
  writer.flush();
  page.text = std::move(writer.text);
  page.more = page.next < ring_.end();
  return page;
}

Trace::Text Trace::text() {
  Page all = page(0, std::string::npos);
  return {std::move(all.text), all.truncated};
}

void Trace::start(bool payload) {
  flush();
  ring_.seal();
  set_payload(payload);
  started_ = ring_.end();
}

Trace::Text Trace::stop() {
  Page all = page(started_.value_or(ring_.end()), std::string::npos);
  started_.reset();
  set_payload(false);
  if (all.text.size() > most) {
    const std::size_t cut = all.text.find('\n', all.text.size() - most);
    all.text.erase(0, std::min(cut, all.text.size() - 1) + 1);
    all.truncated = true;
  }
  return {std::move(all.text), all.truncated};
}

void Trace::set_payload(bool on) {
  to_modem_.set_keep(on ? PayloadMask::Keep::all : PayloadMask::Keep::shape);
  from_modem_.set_keep(on ? PayloadMask::Keep::all : PayloadMask::Keep::words);
}

void Trace::on_opened(std::string_view device) {
  event("opened " + std::string(device));
}

void Trace::on_closed(std::string_view reason, bool by_itself) {
  event((by_itself ? "vanished: " : "closed: ") + std::string(reason));
}

void Trace::on_sent(std::string_view bytes, std::span<const SecretSpan> secrets) {
  flush();
  ring_.seal();
  add_sent(form_, bytes.substr(0, slice), secrets);
  keep(Kind::host, runtime_.now());
  ring_.seal();
}

void Trace::on_payload_sent(std::string_view bytes) {
  flush_from_modem();
  payload(to_modem_, Kind::host, bytes);
}

void Trace::on_payload(std::string_view bytes) {
  flush_to_modem();
  flush_partial();
  payload(from_modem_, Kind::modem, bytes);
}

void Trace::payload(PayloadMask& mask, Kind kind, std::string_view bytes) {
  heard_ = runtime_.timers.recent();
  while (!bytes.empty()) {
    mask.feed(bytes.substr(0, slice), form_);
    keep(kind, heard_);
    bytes.remove_prefix(std::min(slice, bytes.size()));
  }
}

void Trace::on_line(std::string_view bytes, bool whole) {
  flush_to_modem();
  if (whole && partial_.empty() && !hiding_) {
    from_modem_.flush(form_);
    keep(Kind::modem, heard_);
    add_line(form_, bytes);
    keep(Kind::modem, runtime_.now());
    return;
  }
  if (partial_.empty()) flush_from_modem();
  heard_ = runtime_.now();
  partial_ += bytes;
  if (!whole && partial_.size() < longest_line) return;
  flush_partial();
  if (whole) hiding_ = false;
}

// The beginning of a line is told as such; where it was masked, the rest will be.
void Trace::flush_partial() {
  if (partial_.empty()) return;
  from_modem_.flush(form_);
  if (hiding_) {
    const std::size_t length = partial_.find_last_not_of("\r\n") + 1;
    add_masked(form_, length);
    add_plain(form_, std::string_view(partial_).substr(length));
  } else {
    hiding_ = add_line(form_, partial_);
  }
  partial_.clear();
  keep(Kind::modem, heard_);
}

// Before anything of the other direction: the order of the wire.
void Trace::flush_from_modem() {
  flush_partial();
  from_modem_.flush(form_);
  keep(Kind::modem, heard_);
}

void Trace::flush_to_modem() {
  to_modem_.flush(form_);
  keep(Kind::host, heard_);
}

void Trace::flush() {
  flush_to_modem();
  flush_from_modem();
}

void Trace::keep(Kind kind, Time at) {
  if (form_.empty()) return;
  ring_.add(kind, at, form_);
  form_.clear();
}

void Trace::event(std::string_view words) {
  flush();
  ring_.seal();
  add_plain(form_, words.substr(0, 256));
  keep(Kind::event, runtime_.now());
  ring_.seal();
  hiding_ = false;
}

}  // namespace sim52xx::daemon
