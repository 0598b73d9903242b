import Glibc
import HTTPTypes

/// What the parameters of a FastCGI request say, as HTTP (FastCGI specification, section 6.2; RFC 3875, section 4.1).
///
/// Parameters are read once, in order, and only what is used is copied. A value that is sent empty counts as not sent: nginx sends
/// its unset variables so. Nothing goes into the environment of the process (`HTTP_PROXY`).
struct RequestHead {
    var request = HTTPRequest(method: .get, scheme: "http", authority: nil, path: nil)
    var variables: [String: String] = [:]
    var contentLength = ContentLength.unknown
    /// Why this is no HTTP request, if it is none.
    var refusal: Refusal?

    private var method: HTTPRequest.Method?
    private var pathInfo = ""
    private var query = ""

    /// Reads `NAME=value` strings up to the null pointer that ends them.
    init(parameters: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        var next = parameters
        while let parameter = next.pointee {
            let bytes = UnsafeRawBufferPointer(start: parameter, count: strlen(parameter))
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals + 1 < bytes.count {
                take(UnsafeRawBufferPointer(rebasing: bytes[..<equals]), UnsafeRawBufferPointer(rebasing: bytes[(equals + 1)...]))
            }
            next += 1
        }
        if let method {
            request.method = method
        } else {
            refusal = .badRequest("The request has no valid method.")
        }
        if request.path == nil {
            request.path = rebuiltTarget
        }
    }

    private mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if Self.is(UnsafeRawBufferPointer(rebasing: name.prefix(5)), "HTTP_") {
            takeField(UnsafeRawBufferPointer(rebasing: name.dropFirst(5)), value)
        } else if Self.is(name, "REQUEST_METHOD") {
            method = HTTPRequest.Method(String(decoding: value, as: UTF8.self))
        } else if Self.is(name, "REQUEST_URI") {
            request.path = String(decoding: value, as: UTF8.self)
        } else if Self.is(name, "CONTENT_LENGTH") {
            contentLength = ContentLength(parsing: value)
            if contentLength != .unknown {
                request.headerFields.append(HTTPField(name: .contentLength, value: value))
            }
        } else if Self.is(name, "CONTENT_TYPE") {
            request.headerFields.append(HTTPField(name: .contentType, value: value))
        } else if Self.is(name, "HTTPS") {
            // IIS's heirs say "off" where others say nothing.
            request.scheme = Self.is(value, "off") ? "http" : "https"
        } else if Self.is(name, "SCRIPT_NAME") {
            variables[CGIVariable.scriptName] = String(decoding: value, as: UTF8.self)
        } else if Self.is(name, "REMOTE_ADDR") {
            variables[CGIVariable.remoteAddress] = String(decoding: value, as: UTF8.self)
        } else if Self.is(name, "REMOTE_USER") {
            variables[CGIVariable.remoteUser] = String(decoding: value, as: UTF8.self)
        } else if Self.is(name, "PATH_INFO") {
            pathInfo = String(decoding: value, as: UTF8.self)
        } else if Self.is(name, "QUERY_STRING") {
            query = String(decoding: value, as: UTF8.self)
        }
    }

    /// Takes a header field of the client; `name` is written as CGI does, without `HTTP_`. A name that is no field name is skipped.
    private mutating func takeField(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if Self.is(name, "HOST") {
            request.authority = String(decoding: value, as: UTF8.self)
            return
        }
        // nginx sends these twice: as the client's fields, and checked as CGI variables of their own.
        if Self.is(name, "CONTENT_LENGTH") || Self.is(name, "CONTENT_TYPE") { return }
        let spelled = String(unsafeUninitializedCapacity: name.count) { buffer in
            for (index, byte) in name.enumerated() {
                buffer[index] =
                    switch byte {
                    case UInt8(ascii: "_"): UInt8(ascii: "-")
                    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                    default: byte
                    }
            }
            return name.count
        }
        guard let fieldName = HTTPField.Name(spelled) else { return }
        request.headerFields.append(HTTPField(name: fieldName, value: value))
    }

    private static func `is`(_ name: UnsafeRawBufferPointer, _ other: StaticString) -> Bool {
        guard name.count == other.utf8CodeUnitCount, let start = name.baseAddress else { return false }
        return memcmp(start, other.utf8Start, name.count) == 0
    }

    /// The request target of a server that does not send REQUEST_URI: SCRIPT_NAME and PATH_INFO are decoded, so they are encoded again.
    private var rebuiltTarget: String {
        let path = PercentEncoding.path((variables[CGIVariable.scriptName] ?? "") + pathInfo)
        return (path.isEmpty ? "/" : path) + (query.isEmpty ? "" : "?\(query)")
    }
}
