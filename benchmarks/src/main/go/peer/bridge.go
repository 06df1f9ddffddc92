package main

import "github.com/vishvananda/netlink"

// bridge makes a bridge for each network and a cable to it for each endpoint, over one connection to the kernel.
// BridgeServer of the benchmarks makes the same requests in the same order.
type bridge struct {
	kernel *netlink.Handle
}

func openBridge() (*bridge, error) {
	kernel, err := netlink.NewHandle()
	return &bridge{kernel}, err
}

func (b *bridge) createNetwork(networkID string) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = "br-" + networkID[:12]
	device := &netlink.Bridge{LinkAttrs: attributes}
	if err := b.kernel.LinkAdd(device); err != nil {
		return err
	}
	return b.kernel.LinkSetUp(device)
}

func (b *bridge) deleteNetwork(networkID string) error {
	return b.delete("br-" + networkID[:12])
}

// join lets LinkAdd do four things: make both ends, read the index of the near one, and make that a port.
func (b *bridge) join(endpointID, networkID string) (interfaceName, error) {
	device, err := b.kernel.LinkByName("br-" + networkID[:12])
	if err != nil {
		return interfaceName{}, err
	}
	attributes := netlink.NewLinkAttrs()
	attributes.Name = "ve-" + endpointID[:12]
	attributes.MasterIndex = device.Attrs().Index
	cable := &netlink.Veth{LinkAttrs: attributes, PeerName: "in-" + endpointID[:12]}
	if err := b.kernel.LinkAdd(cable); err != nil {
		return interfaceName{}, err
	}
	if err := b.kernel.LinkSetUp(cable); err != nil {
		return interfaceName{}, err
	}
	return interfaceName{cable.PeerName, "eth"}, nil
}

func (b *bridge) deleteEndpoint(endpointID string) error {
	return b.delete("ve-" + endpointID[:12])
}

func (b *bridge) delete(name string) error {
	link, err := b.kernel.LinkByName(name)
	if err != nil {
		return err
	}
	return b.kernel.LinkDel(link)
}
