/// What a service manager such as systemd is told of the agent.
package dev.weft.agent.service;
