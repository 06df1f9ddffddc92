/// An agent that is killed wherever it can be, and a host on which nothing is wrong afterwards.
package dev.weft.agent.crash;
