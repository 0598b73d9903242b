import CCurl
import Glibc

/// A transfer as libcurl sees it. It belongs to the thread of its loop.
final class ActiveTransfer {
    let transfer: Transfer
    let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private var head = ReceivedHead()
    /// Why a callback has ended it.
    private var failure: HTTPClientError?
    /// How often a request was about to be written.
    private var attempts = 0
    private var lastRead = ContinuousClock.now
    private var isPaused = false

    /// Throws what cannot be asked.
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

    /// When it ends if nothing comes until then.
    var end: ContinuousClock.Instant {
        guard let stall = transfer.request.stall, !isPaused else { return transfer.request.deadline }
        return min(transfer.request.deadline, lastRead + stall)
    }

    /// Reads on after a pause.
    func goOn() {
        guard isPaused else { return }
        isPaused = false
        lastRead = .now
        // It may be paused again before this returns.
        curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    /// Ends it for a reason that libcurl does not know.
    func finish(_ reason: String) {
        transfer.finish(.failure(error(reason)))
    }

    /// Ends it as libcurl says.
    func finish(_ code: CURLcode) {
        guard code != CURLE_OK else { return transfer.finish(.success(())) }
        if let failure { return transfer.finish(.failure(failure)) }
        let number = ccurl_os_error(handle)
        let reason = String(cString: curl_easy_strerror(code)) + (number == 0 ? "" : ": \(String(cString: strerror(Int32(number))))")
        finish(reason)
    }

    /// Before the first attempt nothing can have been written but what makes a connection.
    private func error(_ reason: String) -> HTTPClientError {
        attempts == 0 ? .notSent(reason: reason) : .noAnswer(reason: reason)
    }

    // MARK: Callbacks

    /// Whether the request may be written.
    ///
    /// When a kept connection turns out to have been closed, libcurl writes the request a second time, into a new one. What came of the first
    /// time is not known, so the second never happens.
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

    /// Whether no part of the request can be taken for another.
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
            // libcurl copies it.
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
        // A connection that has been idle for 2 s is not used again: servers keep theirs for longer, so none is just being closed.
        set(CURLOPT_MAXAGE_CONN, 1)
        set(CURLOPT_FRESH_CONNECT, request.connection == .shared ? 0 : 1)
        set(CURLOPT_FORBID_REUSE, request.connection == .single ? 1 : 0)
        // Given both, libcurl does not ask the environment.
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

        // What libcurl would add by itself is left out; it would also repeat a request that another server has not "expected".
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
    /// Rounded up.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow
            ? (seconds < 0 ? .min : .max)
            : whole.addingReportingOverflow((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000).partialValue
    }
}
