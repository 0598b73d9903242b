import ArgumentParser
import Glibc
import PlainText

/// Prints a command's output. Much of it comes from outside, so control characters are escaped.
enum Terminal {
    /// Prints a line to standard output.
    static func say(_ line: some CustomStringConvertible) {
        print(line.description.printable)
    }

    /// Ends the program as its argument parser would: help goes to standard output, errors to standard error.
    static func exit(after error: any Error) -> Never {
        let status = KreaFCGI.exitCode(for: error)
        tell(KreaFCGI.fullMessage(for: error), on: status.isSuccess ? STDOUT_FILENO : STDERR_FILENO)
        Glibc.exit(status.rawValue)
    }

    /// Writes the lines of a message. Writes nothing for an empty one.
    static func tell(_ message: String, on descriptor: Int32 = STDERR_FILENO) {
        guard !message.isEmpty else { return }
        let bytes = Array(text(of: message).utf8)
        _ = write(descriptor, bytes, bytes.count)
    }

    /// The lines of a message as they are printed.
    static func text(of message: String) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0.printable)\n" }.joined()
    }
}
