// A network driver plugin as one writes it in Go: net/http and encoding/json, and nothing else.
//
//	peer noop|bridge SOCKET
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

// A driver does the work; what it refuses is shown to the person who typed the docker command.
type driver interface {
	createNetwork(networkID string) error
	deleteNetwork(networkID string) error
	join(endpointID, networkID string) (interfaceName, error)
	deleteEndpoint(endpointID string) error
}

type call struct {
	NetworkID  string
	EndpointID string
	Interface  *struct{ Address, AddressIPv6, MacAddress string }
	SandboxKey string
	Options    map[string]interface{}
	IPv4Data   []struct{ AddressSpace, Gateway, Pool string }
	IPv6Data   []struct{ AddressSpace, Gateway, Pool string }
}

type interfaceName struct {
	SrcName, DstPrefix string
}

type empty struct{}

type refusal struct {
	Err string
}

type joined struct {
	InterfaceName interfaceName
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: peer noop|bridge SOCKET")
	}
	var served driver
	switch os.Args[1] {
	case "noop":
		served = noop{}
	case "bridge":
		bridge, err := openBridge()
		if err != nil {
			log.Fatal("cannot open a netlink connection: ", err)
		}
		served = bridge
	default:
		log.Fatal("no such driver: ", os.Args[1])
	}
	listener, err := net.Listen("unix", os.Args[2])
	if err != nil {
		log.Fatal("cannot serve: ", err)
	}
	log.Fatal(http.Serve(listener, routes(served)))
}

func routes(served driver) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/Plugin.Activate", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string][]string{"Implements": {"NetworkDriver"}})
	})
	handle(mux, "CreateNetwork", func(c *call) (interface{}, error) { return empty{}, served.createNetwork(c.NetworkID) })
	handle(mux, "DeleteNetwork", func(c *call) (interface{}, error) { return empty{}, served.deleteNetwork(c.NetworkID) })
	handle(mux, "CreateEndpoint", func(*call) (interface{}, error) { return empty{}, nil })
	handle(mux, "Join", func(c *call) (interface{}, error) {
		name, err := served.join(c.EndpointID, c.NetworkID)
		return joined{name}, err
	})
	handle(mux, "Leave", func(*call) (interface{}, error) { return empty{}, nil })
	handle(mux, "DeleteEndpoint", func(c *call) (interface{}, error) {
		return empty{}, served.deleteEndpoint(c.EndpointID)
	})
	return mux
}

func handle(mux *http.ServeMux, name string, do func(*call) (interface{}, error)) {
	mux.HandleFunc("/NetworkDriver."+name, func(w http.ResponseWriter, request *http.Request) {
		var c call
		if err := json.NewDecoder(request.Body).Decode(&c); err != nil {
			answer(w, http.StatusBadRequest, refusal{fmt.Sprint("the call's body is not JSON: ", err)})
			return
		}
		reply, err := do(&c)
		if err != nil {
			reply = refusal{err.Error()}
		}
		answer(w, http.StatusOK, reply)
	})
}

func answer(w http.ResponseWriter, status int, reply interface{}) {
	w.Header().Set("Content-Type", "application/vnd.docker.plugins.v1.2+json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(reply); err != nil {
		log.Print("cannot answer: ", err)
	}
}
