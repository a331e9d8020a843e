# shellcheck shell=bash disable=SC2154 # run sources this file after machine.sh, which sets the directories and processes
# Sourced: a PostgreSQL on a machine of its own, and two gateways on it. The machines are "first" (the one under test), "second", a copy of
# it, and "database". Both gateways are wired to the database, not to each other.

# shared NAME VALUE...: the variables of a node as a file, NAME replaced by VALUE.
shared() {
    python3 - "$results/shared.json" "$@" <<'PYTHON'
import json, sys
path, *changes = sys.argv[1:]
values = {
    "database_engine": "elsewhere",
    "database_uri": "postgresql://whatsapp@database.appliance.test:5432/whatsapp",
    "database_ca": "/srv/scratch/database-ca.pem",
    "database_password": "appliance-test-database-password",
    "database_networks": ["10.77.0.0/16"],
    "app_encryption_key": "",
    "backup_targets": [], "backup_recipients": [], "backup_waived": "pg_dump on the database's machine, every hour",
    # The accounts in SQLite stay behind on purpose.
    "app_environment": {"APP_ACCEPT_DATABASE": True},
}
for name, value in zip(changes[::2], changes[1::2]):
    values[name] = value
json.dump(values, open(path, "w"))
PYTHON
}

# database_machine: a bare Debian with PostgreSQL, set up by the files the package brings for it.
database_machine() {
    rm -rf "$results/database"
    cp -a "$cache/bare" "$results/database"
    cp "$root"/src/main/dist/postgresql/*.sql "$results/database/srv/"
    boot "$results/database" || return
    guest sh -ec '
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql openssl >/dev/null 2>&1
        cd /etc/postgresql
        for authority in ca other; do
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=$authority \
                -keyout $authority.key -out $authority.pem 2>/dev/null
        done
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=database -keyout server.key -out server.csr 2>/dev/null
        echo "subjectAltName=DNS:database.appliance.test" >names
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 30 -extfile names -out server.pem 2>/dev/null
        chown postgres server.key
        cd /etc/postgresql/*/main
        printf "local all postgres peer\nhostssl whatsapp whatsapp 10.77.0.0/16 scram-sha-256\n" >pg_hba.conf
        printf "%s\n" "listen_addresses = '\''*'\''" "ssl = on" "ssl_cert_file = '\''/etc/postgresql/server.pem'\''" \
            "ssl_key_file = '\''/etc/postgresql/server.key'\''" >conf.d/test.conf
        systemctl restart postgresql
        as() { runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 "$@"; }
        as -f /srv/1-database.sql postgres
        as -c "ALTER ROLE whatsapp PASSWORD '\''appliance-test-database-password'\''" postgres
        as -f /srv/2-schema.sql whatsapp' && guest cat /etc/postgresql/ca.pem >"$results/database-ca.pem" \
        && guest cat /etc/postgresql/other.pem >"$results/other-ca.pem"
}

# wired NAME NUMBER: a cable between the current machine and the database's, and the database's name on the current one.
wired() {
    local node=$leader database=${leaders[database]}
    nsenter -t "$database" --net ip link add "to-$1" type veth peer name database netns "$node" \
        && nsenter -t "$database" --net sh -c "ip address add 10.77.$2.1/24 dev to-$1 && ip link set to-$1 up" \
        && guest sh -c "ip address add 10.77.$2.2/24 dev database && ip link set database up && echo 10.77.$2.1 database.appliance.test >>/etc/hosts"
}

# of PATH [CURL ARGUMENTS...]: the gateway of the current machine, as its user.
of() {
    local path=$1
    shift
    guest curl -sS --max-time 20 -u admin:appliance-test-password-1 "$@" "http://127.0.0.1:3000$path"
}
# said: the identifier of a message that the current gateway accepts.
said() { of /send/message -H 'Content-Type: application/json' -d "{\"phone\":\"6281234567890\",\"message\":\"$1\"}" | sed -n 's/.*"message_id":"\([^"]*\)".*/\1/p'; }
knows() { of /chat/6281234567890@s.whatsapp.net/messages | grep -q "$1"; }
ready() { guest curl -sSf --retry 30 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:3000/readyz; }
# stored SQL: what the database says.
stored() { guest runuser -u postgres -- psql -X -q -Atc "$1" whatsapp; }
eventually() {
    for _ in $(seq 30); do
        "$@" && return
        sleep 1
    done
    return 1
}

# answers: what the current gateway says to a question that only the node with the account's connection can answer.
answers() { of '/user/check?phone=6281234567890' -o /dev/null -w '%{http_code}'; }
answered() { [ "$(answers)" = 200 ]; }
# one_of_two: whether one node has the connection, and the other one says so.
one_of_two() {
    local codes=
    for node in first second; do
        current $node
        codes="$codes $(answers)"
    done
    echo "$codes"
    [ "$codes" = " 200 503" ] || [ "$codes" = " 503 200" ]
}

nodes_checks() {
    local key message with=first other=second part=(--tags "database,app,backup")
    # What refused of the container tier counts by.
    # shellcheck disable=SC2034
    local refusing=() refused_runs=100
    say "a PostgreSQL of another host"
    aside first
    if ! database_machine; then
        bad "a machine with PostgreSQL"
        halt
        current first
        return
    fi
    aside database
    current first
    check "a cable to it" wired first 1
    key=$(openssl rand -base64 32)
    shared app_encryption_key "$key"
    refused "a key that opens nothing of what this machine has sealed" 'storages/secrets/encryption.key' -e @/srv/scratch/shared.json
    refusals
    shared app_encryption_key "$key,$(guest cat /opt/whatsapp/storages/secrets/encryption.key)"
    refused "a private address that the service may not connect to" database_networks -e @/srv/scratch/shared.json -e '{"database_networks": []}'
    refused "a server whose certificate another authority has issued" 'The former connection stands' -e @/srv/scratch/shared.json \
        -e database_ca=/srv/scratch/other-ca.pem "${part[@]}"
    refusals
    check "the gateway goes on as it was" ready
    check "the playbook goes through" logged elsewhere site.yml -e @/srv/scratch/shared.json "${part[@]}"
    check "and says what is lost when the database is" grep -q 'the RPO' "$results/elsewhere.log"
    check "the gateway runs on it" ready
    check "the way there is open, and only that" guest sh -c 'systemctl show -P IPAddressAllow whatsapp | grep -q 10.77.0.0/16 \
        && systemctl show -P IPAddressDeny whatsapp | grep -q 10.0.0.0/8'
    refuse "the password is nowhere in clear" guest sh -c 'grep -rl "appliance-test-database-passwor[d]" /etc /opt/whatsapp/storages /var/lib/whatsapp \
        /var/log /tmp /root /home /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | grep -v "^/proc/self" | grep .'
    current database
    check "every connection has TLS" test "$(stored "SELECT string_agg(DISTINCT version, ',') FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE usename = 'whatsapp'")" = TLSv1.3
    current first
    check "a second run changes nothing" unchanged elsewhere-again -e @/srv/scratch/shared.json "${part[@]}"

    say "a second node on the same database, with the same key"
    rm -rf "$results/second"
    cp -a "$cache/converged" "$results/second"
    if boot "$results/second"; then
        aside second
        current second
        check "a cable to it" wired second 2
        check "the playbook goes through" logged second-node site.yml -e @/srv/scratch/shared.json "${part[@]}"
        check "the gateway runs on it" ready
        two_nodes
    else
        bad "the second node boots"
        aside second
    fi
    for machine in second database; do
        current $machine
        halt
        rm -rf "${results:?}/$machine"
    done
    current first
}

two_nodes() {
    current first
    of /app/login -o /dev/null
    of /sandbox/pair -X POST -o /dev/null
    check "the first node has an account" eventually of /app/devices -f -o /dev/null
    message=$(said one)
    check "a message that the first node accepts" test -n "$message"
    check "an endpoint with a secret, which is sealed" of /devices/default/webhook -f -X PATCH -H 'Content-Type: application/json' \
        -d '{"webhook_url":"http://127.0.0.1:15852/own","webhook_secret":"appliance-test-own-secret-0123456789ab"}'
    current second
    check "the message is seen on the second node" eventually knows "$message"
    check "so is the endpoint" of_has /devices/default/webhook 15852/own
    refuse "whose secret it can open" guest sh -c 'journalctl -u whatsapp -o cat | grep "cannot be used"'
    message=$(said two)
    check "a message that the second node accepts" test -n "$message"
    current first
    check "is seen on the first" eventually knows "$message"
    check "one of them has the account's connection" eventually one_of_two
    answered || { with=second other=first; }
    current database
    guest ip link set "to-$with" down
    current "$other"
    check "the other one takes it over when that one is cut off" eventually answered
    message=$(said three)
    check "and accepts a message" eventually knows "${message:-none}"
}
of_has() { of "$1" | grep -q "$2"; }
