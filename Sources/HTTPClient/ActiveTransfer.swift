import CCurl
import Glibc

/// A transfer with its libcurl handle. Only the loop's thread uses it.
final class ActiveTransfer {
    let transfer: Transfer
    let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private var head = ReceivedHead()
    /// Why a callback ended the transfer.
    private var failure: HTTPClientError?
    /// How often libcurl was about to write the request.
    private var attempts = 0
    private var lastRead = ContinuousClock.now
    private var isPaused = false

    /// Throws if the request cannot be made.
    init(_ transfer: Transfer, _ proxy: HTTPProxy?) throws(HTTPClientError) {
        self.transfer = transfer
        guard let handle = curl_easy_init() else { throw .notSent(reason: "no memory for a request") }
        self.handle = handle
        guard Self.isWellFormed(transfer.request), setOptions(transfer.request.usesProxy ? proxy : nil) else {
            throw .notSent(reason: "the request cannot be written down")
        }
    }

    deinit {
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
    }

    /// When the transfer ends if no bytes come before.
    var end: ContinuousClock.Instant {
        guard let stall = transfer.request.stall, !isPaused else { return transfer.request.deadline }
        return min(transfer.request.deadline, lastRead + stall)
    }

    /// Continues to read after a pause.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        lastRead = .now
        // The transfer may pause again before this call returns.
        curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    /// Ends the transfer for a reason outside libcurl.
    func finish(_ reason: String) {
        transfer.finish(.failure(error(reason)))
    }

    /// Ends the transfer with libcurl's result.
    func finish(_ code: CURLcode) {
        guard code != CURLE_OK else { return transfer.finish(.success(())) }
        if let failure { return transfer.finish(.failure(failure)) }
        let number = ccurl_os_error(handle)
        let reason = String(cString: curl_easy_strerror(code)) + (number == 0 ? "" : ": \(String(cString: strerror(Int32(number))))")
        finish(reason)
    }

    /// Before the first attempt, only bytes that set up the connection can have been written.
    private func error(_ reason: String) -> HTTPClientError {
        attempts == 0 ? .notSent(reason: reason) : .noAnswer(reason: reason)
    }

    // MARK: Callbacks

    /// Allows the first attempt to write the request and no other.
    ///
    /// When a kept connection turns out to be closed, libcurl would write the request again into a new one. But the first may have arrived.
    fileprivate func beginAttempt() -> Bool {
        lastRead = .now
        guard attempts == 0 else {
            failure = .noAnswer(reason: "the connection was closed before an answer")
            return false
        }
        attempts = 1
        return true
    }

    fileprivate func receive(line: UnsafeBufferPointer<UInt8>) -> Bool {
        lastRead = .now
        let wasComplete = head.isComplete
        guard head.take(line) else {
            failure = .noAnswer(reason: "the head of the answer is too long")
            return false
        }
        guard head.isComplete, !wasComplete else { return true }
        guard head.isLengthClear else {
            failure = .noAnswer(reason: "the answer's length is not clear")
            return false
        }
        transfer.receive(head: (head.status, ResponseFields(all: head.fields)))
        return true
    }

    fileprivate func receive(body: UnsafeBufferPointer<UInt8>) -> Transfer.Reception {
        let reception = transfer.receive(body)
        switch reception {
        case .taken: lastRead = .now
        case .paused: isPaused = true
        case .tooLarge: failure = .tooLarge
        }
        return reception
    }

    // MARK: Options

    /// Whether no part of the request can be mistaken for another part.
    private static func isWellFormed(_ request: ClientRequest) -> Bool {
        let isPlain: (String) -> Bool = { text in text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }
        let isValue: (String) -> Bool = { text in text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }
        return !request.method.isEmpty && isPlain(request.method) && isPlain(request.url)
            && request.fields.allSatisfy { !$0.name.isEmpty && isPlain($0.name) && !$0.name.contains(":") && isValue($0.value) }
    }

    private func setOptions(_ proxy: HTTPProxy?) -> Bool {
        let request = transfer.request
        let this = Unmanaged.passUnretained(self).toOpaque()
        var isDone = true
        func set(_ option: CURLoption, _ value: Int) { isDone = ccurl_set_long(handle, option, value) == CURLE_OK && isDone }
        func set(_ option: CURLoption, _ text: String) {
            // libcurl copies the text.
            isDone = text.withCString { ccurl_set_pointer(handle, option, $0) == CURLE_OK } && isDone
        }
        func set(_ option: CURLoption, _ pointer: UnsafeRawPointer?) {
            isDone = ccurl_set_pointer(handle, option, pointer) == CURLE_OK && isDone
        }

        set(CURLOPT_NOSIGNAL, 1)
        isDone = ccurl_allow_http_only(handle) == CURLE_OK && isDone
        isDone = ccurl_leave_resolver_behind(handle) == CURLE_OK && isDone
        set(CURLOPT_URL, request.url)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let trusted = request.trusted { set(CURLOPT_CAINFO, trusted) }
        set(CURLOPT_CONNECTTIMEOUT_MS, max(Int(request.connectTime.milliseconds), 1))
        // A connection that was idle for 2 s is not reused. Servers keep theirs for longer, so none is being closed at that moment.
        set(CURLOPT_MAXAGE_CONN, 1)
        set(CURLOPT_FRESH_CONNECT, request.connection == .shared ? 0 : 1)
        set(CURLOPT_FORBID_REUSE, request.connection == .single ? 1 : 0)
        // With both set, libcurl ignores the environment.
        set(CURLOPT_PROXY, proxy?.url ?? "")
        set(CURLOPT_NOPROXY, "")
        if let (user, password) = proxy?.credentials {
            set(CURLOPT_PROXYUSERNAME, user)
            set(CURLOPT_PROXYPASSWORD, password)
        }
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))

        if let body = request.body {
            set(CURLOPT_POST, 1)
            isDone = ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)) == CURLE_OK && isDone
            body.withUnsafeBytes { set(CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(this)) }
        } else if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)

        // An empty value removes a field that libcurl would add. With Expect it would also repeat a request that the server refused to expect.
        let given = Set(request.fields.map { $0.name.lowercased() })
        let lines =
            ["Accept", "Expect", "Content-Type"].filter { !given.contains($0.lowercased()) }.map { "\($0):" }
            + request.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        isDone = setList(CURLOPT_HTTPHEADER, lines) && isDone
        if let address = request.address {
            isDone = setList(CURLOPT_CONNECT_TO, ["::\(address.contains(":") ? "[\(address)]" : address):"]) && isDone
        }

        isDone =
            ccurl_set_prerequest(handle) { this, _, _, _, _ in
                active(this).beginAttempt() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            } == CURLE_OK && isDone
        isDone =
            ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, this in
                active(this).receive(line: buffer(bytes, size * count)) ? size * count : 0
            } == CURLE_OK && isDone
        isDone =
            ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, this in
                switch active(this).receive(body: buffer(bytes, size * count)) {
                case .taken: size * count
                case .paused: Int(CURL_WRITEFUNC_PAUSE)
                case .tooLarge: Int.max
                }
            } == CURLE_OK && isDone
        for option in [CURLOPT_PREREQDATA, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA] { set(option, UnsafeRawPointer(this)) }
        return isDone
    }

    private func setList(_ option: CURLoption, _ lines: [String]) -> Bool {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return false
            }
            list = longer
        }
        if let list { lists.append(list) }
        return ccurl_set_pointer(handle, option, list) == CURLE_OK
    }
}

private func active(_ pointer: UnsafeMutableRawPointer?) -> ActiveTransfer {
    Unmanaged<ActiveTransfer>.fromOpaque(pointer!).takeUnretainedValue()
}

private func buffer(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: bytes, count: count).assumingMemoryBound(to: UInt8.self)
}

extension Duration {
    /// The duration in milliseconds, rounded up.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow
            ? (seconds < 0 ? .min : .max)
            : whole.addingReportingOverflow((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000).partialValue
    }
}
