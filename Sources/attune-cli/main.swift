import Glibc

exit(AttuneCommand.execute(Array(CommandLine.arguments.dropFirst())).rawValue)
