/// The admin API on the admin socket, by which the commands of `weft` ask the agent.
package dev.weft.agent.admin;
