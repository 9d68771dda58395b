# What the demo puts up and takes down. Sourced by packaging/demo.
# shellcheck shell=bash
# shellcheck disable=SC2154  # run, keep, children: packaging/demo

packages_and_build() {
  packaging/install-build-deps build demo
  if [[ -z ${SIM52XX_BUILD:-} ]]; then
    SIM52XX_BUILD=build/release
    step "Building (a few minutes the first time)"
    quietly "cmake --preset release" cmake --preset release
    quietly "cmake --build --preset release" cmake --build --preset release --target sim52xxd sim52xx-sim
  fi
  bin=$(cd "$SIM52XX_BUILD" && pwd)
  PATH=$bin/daemon:$bin/tests/emulator:$PATH
}

# background NAME COMMAND...: starts one of ours, with a log of its own.
background() {
  local name=$1
  shift
  if [[ $keep == yes ]]; then
    setsid "$@" </dev/null >"$run/$name.log" 2>&1 &
  else
    "$@" </dev/null >"$run/$name.log" 2>&1 &
  fi
  children+=($!)
}

start_server() {
  (
    cd "$run" || exit
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout server.key \
      -out server.pem -subj /CN=server.test -addext subjectAltName=DNS:server.test
  ) 2>"$run/openssl.log"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  mkdir "$run/pages" "$run/tmp"
  printf '<h1>Hello</h1>\nYour plain-text request came out of a modem as TLS.\n' >"$run/pages/index.html"
  cat >"$run/nginx.conf" <<CONF
daemon off; master_process off; user root; pid $run/nginx.pid; error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path $run/tmp/body; proxy_temp_path $run/tmp/proxy; fastcgi_temp_path $run/tmp/fastcgi;
  uwsgi_temp_path $run/tmp/uwsgi; scgi_temp_path $run/tmp/scgi;
  server {
    listen 127.0.0.1:$port ssl; root $run/pages;
    ssl_certificate $run/server.pem; ssl_certificate_key $run/server.key;
  }
}
CONF
  background nginx nginx -p "$run" -e "$run/nginx-error.log" -c "$run/nginx.conf"
  until_true 10 "nginx answers" curl --noproxy '*' --silent --insecure "https://127.0.0.1:$port/"
  say "nginx             serves https://server.test/ (really 127.0.0.1:$port)"
}

start_modem() {
  background sim52xx-sim sim52xx-sim --link "$run/modem" --ca "$run/server.pem" \
    --map "server.test:443=127.0.0.1:$port" --control "$run/modem.sock"
  until_true 10 "the emulator makes its serial port" test -e "$run/modem"
  say "sim52xx-sim       is the modem, with a serial port at $run/modem"
}

start_daemon() {
  cat >"$run/sim52xxd.toml" <<CONF
[modem]
device = "$run/modem"
apn = "internet"
[ssl0]
host = "server.test"
[ssl1]
host = "server.test"
CONF
  background sim52xxd sim52xxd --foreground --config "$run/sim52xxd.toml" --runtime-dir "$run" --log-level debug
  until_true 30 "the daemon has the modem ready" modem_ready
  say "sim52xxd          has found the modem and made it ready" "" "Its configuration:"
  sed 's/^/      /' "$run/sim52xxd.toml"
}

control() { printf '{"jsonrpc":"2.0","id":1,"method":"%s"}\n' "$1" | socat -t 5 - "UNIX-CONNECT:$run/control.sock"; }

modem_ready() { control status | python3 -c 'import json, sys; sys.exit(json.load(sys.stdin)["result"]["state"] != "ready")'; }

fetch() {
  typed "curl --unix-socket $run/$1.sock http://server.test/"
  local begin=$EPOCHREALTIME end
  curl --noproxy '*' --silent --show-error --max-time 60 --unix-socket "$run/$1.sock" http://server.test/ | indented
  end=$EPOCHREALTIME
  say "" "($(((${end/./} - ${begin/./}) / 1000)) ms)"
}

show_status() {
  typed "echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}' | socat - UNIX-CONNECT:$run/control.sock     # abridged here"
  control status | python3 packaging/demo.d/status.py | indented
}

show_wire() {
  grep -aoE 'AT\+CSSL(SET|MODE|START|OPEN|SEND|CLOSE)=?[^\\]*' "$run/sim52xxd.log" | tail -n 5 | indented
  say "" "(\`sim52xxd --log-level debug\` prints every frame, as one line)"
}

finish() {
  local rc=$?
  if [[ $keep == yes && $rc == 0 ]]; then return; fi
  if [[ ${#children[@]} -gt 0 ]]; then
    kill "${children[@]}" 2>/dev/null || true
    wait "${children[@]}" 2>/dev/null || true
  fi
  rm -rf "$run"
}

show_next() {
  if [[ $keep == yes ]]; then
    say "Everything is still running. Try, for example:" "" \
      "  curl --unix-socket $run/ssl0.sock http://server.test/" \
      "  tail -f $run/sim52xxd.log" \
      "  echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"version\"}' | socat - UNIX-CONNECT:$run/control.sock" "" \
      "Stop it all with:" "" \
      "  kill ${children[*]}; rm -rf $run"
  else
    say "  packaging/demo --keep     the same, left running for your own curl, mosquitto_pub --unix, socat ..." \
      "  README.md                 the same by hand in five minutes, and the first steps with a real modem" \
      "  config/sim52xxd.toml      everything that can be configured" \
      "  tests/run                 all tests"
  fi
}
