import Synchronization
import TestSupport

/// Another web site on this machine, with one page.
final class OtherSite: Sendable {
    private final class Page: Sendable {
        let html = Mutex("")
    }

    private let page = Page()
    private let host: RawHost

    /// Where it is, as browsers write it: `http://127.0.0.1:PORT`.
    var origin: String { host.base }

    init() throws {
        host = try RawHost { [page] request in
            let (status, body) = request.path == "/" ? ("200 OK", page.html.withLock(\.self)) : ("404 Not Found", "")
            let head = "HTTP/1.1 \(status)\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
            return [.text("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")]
        }
    }

    deinit {
        host.end()
    }

    /// Shows a page at `/`.
    func show(_ page: String) {
        self.page.html.withLock { $0 = "<!DOCTYPE html>\(page)" }
    }
}
