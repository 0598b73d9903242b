import Glibc

/// A file that cannot be used.
public struct UnusableFile: Error, Equatable, CustomStringConvertible {
    /// One sentence that names the file.
    public let description: String

    init(_ path: String, _ problem: String) {
        description = "\(path) \(problem)."
    }

    /// The latest system call on the file has failed.
    init(_ path: String, doing what: String) {
        self.init(path, "\(what): \(String(cString: strerror(errno)))")
    }
}
