# What the demo puts up and takes down. Sourced by packaging/demo.
# shellcheck shell=bash
# shellcheck disable=SC2154  # run, keep, children: packaging/demo

packages_and_build() {
  packaging/install-build-deps build demo
  if [[ -z ${SIM52XX_BUILD:-} ]]; then
    SIM52XX_BUILD=build/release
    step "Building (a few minutes the first time)"
    quietly "cmake --preset release" cmake --preset release
    quietly "cmake --build --preset release" cmake --build --preset release --target sim52xxd sim52xxctl sim52xx-sim
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

# One certificate for both servers, which signs itself and which the modem trusts.
certificate() {
  (
    cd "$run" || exit
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout server.key \
      -out server.pem -subj /CN=server.test -addext subjectAltName=DNS:server.test
  ) 2>"$run/openssl.log"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_web_server() {
  port=$(free_port)
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

# As a package it would come with a service and a user of its own; it was only unpacked.
start_file_server() {
  local servers=$PWD/build/servers
  ftp_port=$(free_port)
  mkdir "$run/files"
  printf 'demo:%s:%d:%d::%s:/bin/false\n' "$(openssl passwd -6 demo)" "$(id -u nobody)" "$(id -g nobody)" "$run/files" \
    >"$run/users"
  chmod 600 "$run/users"
  chmod 711 "$run"
  chown nobody:nogroup "$run/files"
  cat >"$run/proftpd.conf" <<CONF
ModulePath $servers/usr/lib/proftpd
LoadModule mod_tls.c
ServerName demo
ServerType standalone
DefaultAddress 127.0.0.1
SocketBindTight on
Port $ftp_port
UseIPv6 off
UseReverseDNS off
User nobody
Group nogroup
AuthOrder mod_auth_file.c
AuthUserFile $run/users
RequireValidShell off
DefaultRoot ~
AllowOverwrite on
WtmpLog off
PidFile $run/proftpd.pid
ScoreboardFile $run/proftpd.scoreboard
SystemLog $run/proftpd-system.log
TransferLog none
TLSEngine on
TLSRequired on
TLSECCertificateFile $run/server.pem
TLSECCertificateKeyFile $run/server.key
CONF
  background proftpd "$servers/usr/sbin/proftpd" -n -c "$run/proftpd.conf"
  until_true 10 "proftpd answers" bash -c "exec 3<>/dev/tcp/127.0.0.1/$ftp_port; read -r -t 5 greeting <&3"
  say "proftpd           serves ftps://server.test/ (really 127.0.0.1:$ftp_port); demo, password demo"
}

start_modem() {
  background sim52xx-sim sim52xx-sim --link "$run/modem" --ca "$run/server.pem" \
    --map "server.test:443=127.0.0.1:$port" --map "server.test:21=127.0.0.1:$ftp_port" --control "$run/modem.sock"
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

modem_ready() { sim52xxctl --socket "$run/control.sock" status | grep -q '^State *ready'; }

# ctl ARGUMENT...: shows the command as one would type it where the socket is at its usual place, and runs it.
ctl() {
  local -x SIM52XX_SOCKET=$run/control.sock SIM52XX_PASSWORD=demo
  typed sim52xxctl "$@"
  sim52xxctl "$@" 2>&1 | indented
}

fetch() {
  typed "curl --unix-socket $run/$1.sock http://server.test/"
  local begin=$EPOCHREALTIME end
  curl --noproxy '*' --silent --show-error --max-time 60 --unix-socket "$run/$1.sock" http://server.test/ | indented
  end=$EPOCHREALTIME
  say "" "($(((${end/./} - ${begin/./}) / 1000)) ms)"
}

show_wire() {
  sed -n 's/.* debug: tty \([<>]\)/\1/p' "$run/sim52xxd.log" |
    awk '/> AT\+CFTPSSTART/ { lines = ""; on = 1 } on { lines = lines $0 "\n" } /> AT\+CFTPSLOGOUT/ { on = 0 }
      END { printf "%s", lines }' | indented
  say "" "(\`sim52xxd --log-level debug\` prints these lines, \`sim52xxctl trace save FILE\` writes them down; passwords never appear.)"
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
      "  export SIM52XX_SOCKET=$run/control.sock PATH=$bin/daemon:\$PATH" \
      "  curl --unix-socket $run/ssl0.sock http://server.test/" \
      "  sim52xxctl monitor                  # in another terminal: what happens, as it happens" \
      "  sim52xxctl ftps ls ftps://demo@server.test/     # password: demo" \
      "  tail -f $run/sim52xxd.log" "" \
      "Stop it all with:" "" \
      "  kill ${children[*]}; rm -rf $run"
  else
    say "  packaging/demo --keep     the same, left running for your own curl, mosquitto_pub --unix, socat ..." \
      "  README.md                 the same by hand in five minutes, and the first steps with a real modem" \
      "  config/sim52xxd.toml      everything that can be configured" \
      "  tests/run                 all tests"
  fi
}
