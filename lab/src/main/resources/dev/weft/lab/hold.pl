# Holds a listening unix socket on which it accepts nobody, as a service manager does before the service runs.
# Arguments: the socket's path, a file that gets this process's number and its descriptor of the socket.
use strict;
use warnings;
use Socket;
my ($path, $told) = @ARGV;
unlink $path;
umask 0177;
socket(my $held, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
bind($held, sockaddr_un($path)) or die "bind $path: $!\n";
listen($held, 1024) or die "listen: $!\n";
open(my $file, '>', "$told.new") or die "$told.new: $!\n";
print $file $$, ' ', fileno($held);
close($file) or die "$told.new: $!\n";
rename("$told.new", $told) or die "$told: $!\n";
sleep 1000 while 1;
