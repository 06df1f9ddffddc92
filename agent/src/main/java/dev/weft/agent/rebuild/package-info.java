/// A lost state anew: from what the Docker API says, and from what the kernel has.
package dev.weft.agent.rebuild;
