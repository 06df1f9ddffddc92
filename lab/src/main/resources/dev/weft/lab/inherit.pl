# Becomes a program whose standard input is a socket that another process holds.
# Arguments: the file that hold.pl wrote, the program.
use strict;
use warnings;
my $told = shift;
open(my $file, '<', $told) or die "$told: $!\n";
my ($holder, $descriptor) = split ' ', <$file>;
my $process = syscall(434, $holder + 0, 0); # pidfd_open(2): one number on all architectures
$process >= 0 or die "pidfd_open $holder: $!\n";
my $socket = syscall(438, $process, $descriptor + 0, 0); # pidfd_getfd(2), since Linux 5.6
$socket >= 0 or die "pidfd_getfd $holder $descriptor: $!\n";
open(STDIN, '<&', $socket) or die "dup $socket: $!\n";
exec @ARGV or die "$ARGV[0]: $!\n";
