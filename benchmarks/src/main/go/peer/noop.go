package main

// noop does nothing: what is left is the cost of a call.
type noop struct{}

func (noop) createNetwork(string) error { return nil }

func (noop) deleteNetwork(string) error { return nil }

func (noop) join(endpointID, _ string) (interfaceName, error) {
	return interfaceName{"in-" + endpointID[:12], "eth"}, nil
}

func (noop) deleteEndpoint(string) error { return nil }
