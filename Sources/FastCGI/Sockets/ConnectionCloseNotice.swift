import CFastCGI
import Glibc

/// Makes the web server drop a kept connection without losing a request.
///
/// FastCGI has no word for it, and to close is not enough: a request may be on its way already, and nginx sends a POST no second
/// time. But a web server that finds bytes on a connection after the end of an answer, or while it has asked for nothing, gives that
/// connection up (nginx: `ngx_http_fastcgi_input_filter`, `ngx_http_upstream_keepalive_close_handler`). The bytes are an empty record of the
/// standard error stream of the request that the connection had last: if the next request was sent already under the same ID, it is a part
/// of its answer that says nothing. After an answer it is sent in one go with the end, so that the web server never sees one without the other.
enum ConnectionCloseNotice {
    /// The empty record (section 3.3).
    static func record(request: UInt16) -> [UInt8] {
        RecordHeader.bytes(FCGI_STDERR, request: request, contentCount: 0)
    }

    /// Says it on an idle connection, which stays open for an answer to what may be on its way.
    static func say(to connection: Int32, request: UInt16) {
        let bytes = record(request: request)
        _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL)) }
    }
}
