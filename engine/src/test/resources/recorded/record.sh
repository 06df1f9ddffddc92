#!/bin/sh
# Records what an engine answers: sh record.sh FOLDER, as root on a host whose engine listens on /run/docker.sock and
# has the image busybox and nothing else. Each file is a body, byte for byte; its name has the status if that is not 200.
set -eu
mkdir -p "$1"
cd "$1"

ask() { # ask NAME METHOD PATH [BODY]
    : >body # curl makes none for an empty one
    status=$(curl -s --unix-socket /run/docker.sock -X "$2" -o body -w '%{http_code}' \
        ${4:+-H 'Content-Type: application/json' -d "$4"} "http://localhost$3")
    if [ "$status" = 200 ]; then mv body "$1.json"; else mv body "$1.$status.json"; fi
}

docker network create plain
docker network create --ipv6 --internal --subnet 10.50.0.0/24 --ip-range 10.50.0.128/25 --gateway 10.50.0.1 \
    --aux-address router=10.50.0.2 --subnet fd50::/64 --ipam-opt color=green --label owner=me \
    -o com.docker.network.driver.mtu=1400 full
docker network create --subnet 10.51.3.4/24 hostbits || true # refused from 28.0 on
docker run -d --name web --restart on-failure:5 --label role=web --network full --ip 10.50.0.130 --network-alias www \
    busybox top
docker network connect plain web
docker create --name idle --restart unless-stopped --network plain busybox top
docker run --name failed busybox sh -c 'exit 3' || true
docker run --name broken --network plain busybox /nowhere || true
docker stop -t 0 "$(docker run -d --name gone --network plain busybox top)"
docker rm gone

ask ping GET /_ping
ask version GET /version
ask info GET /info
ask networks GET /networks
ask network-full GET /networks/full
ask network-plain GET /networks/plain
ask containers GET '/containers/json?all=1'
ask container-web GET /containers/web/json
ask container-idle GET /containers/idle/json
ask container-failed GET /containers/failed/json
ask container-broken GET /containers/broken/json
ask events GET "/events?since=1&until=$(date +%s.%N)&filters=%7B%22type%22%3A%5B%22network%22%2C%22container%22%5D%7D"
ask network-created POST /networks/create '{"Name":"made","CheckDuplicate":true,"Driver":"bridge"}'
ask network-missing GET /networks/nowhere
ask network-twice POST /networks/create '{"Name":"made","CheckDuplicate":true,"Driver":"bridge"}'
ask network-driver POST /networks/create '{"Name":"other","CheckDuplicate":true,"Driver":"nodriver"}'
ask container-missing GET /containers/nowhere/json
ask start-missing POST /containers/nowhere/start
ask start-broken POST /containers/broken/start
ask start-running POST /containers/web/start
ask start-idle POST /containers/idle/start
ask version-old GET /v1.10/info
ask version-new GET /v1.99/info
ask no-page GET /nowhere
ask not-filters GET '/events?filters=x'
