import CCurl
import Glibc
import Synchronization

/// The thread that runs all of a client's transfers.
final class TransferLoop: Sendable {
    private enum Command {
        case begin(Transfer)
        case cancel(Transfer)
        case resume(Transfer)
        case stop
    }

    /// The handle is shared because other threads may call `curl_multi_wakeup`, and libcurl allows them nothing else.
    private struct Multi: @unchecked Sendable {
        let handle: UnsafeMutableRawPointer
    }

    private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    /// The most connections that are kept for later requests.
    private static let keptConnections = 8

    private let multi: Multi
    private let proxy: HTTPProxy?
    private let commands = Mutex<[Command]>([])

    init(_ proxy: HTTPProxy?) {
        self.proxy = proxy
        guard Self.isInitialised, let handle = curl_multi_init() else { fatalError("libcurl cannot be used") }
        _ = ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, Self.keptConnections)
        multi = Multi(handle: handle)
    }

    deinit {
        curl_multi_cleanup(multi.handle)
    }

    /// Starts the thread. Call it once.
    func start() {
        let this = Unmanaged.passRetained(self)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { this in
                // Other threads handle signals, and OpenSSL's writes must not raise SIGPIPE.
                var set = sigset_t()
                sigfillset(&set)
                for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] { sigdelset(&set, fault) }
                pthread_sigmask(SIG_SETMASK, &set, nil)
                pthread_setname_np(pthread_self(), "http-client")
                Unmanaged<TransferLoop>.fromOpaque(this!).takeRetainedValue().run()
                return nil
            }, this.toOpaque())
        guard code == 0 else { fatalError("the thread for HTTP requests cannot be started: \(String(cString: strerror(code)))") }
    }

    func begin(_ transfer: Transfer) { send(.begin(transfer)) }
    func cancel(_ transfer: Transfer) { send(.cancel(transfer)) }
    func resume(_ transfer: Transfer) { send(.resume(transfer)) }
    /// Ends all transfers, then the thread.
    func stop() { send(.stop) }

    private func send(_ command: Command) {
        commands.withLock { $0.append(command) }
        curl_multi_wakeup(multi.handle)
    }

    // MARK: On the thread

    private func run() {
        var active: [ActiveTransfer] = []
        while true {
            let commands = commands.withLock { commands in
                defer { commands = [] }
                return commands
            }
            for command in commands {
                switch command {
                case .begin(let transfer): begin(transfer, &active)
                case .cancel(let transfer): end(&active, "cancelled") { $0.transfer === transfer }
                case .resume(let transfer): active.first { $0.transfer === transfer }?.resume()
                case .stop: return end(&active, "the client has ended") { _ in true }
                }
            }
            var count: Int32 = 0
            curl_multi_perform(multi.handle, &count)
            endFinished(&active)
            let now = ContinuousClock.now
            end(&active, "not in time") { $0.end <= now }
            let rest = active.map { $0.end - now }.min() ?? .seconds(3600)
            curl_multi_poll(multi.handle, nil, 0, Int32(clamping: min(rest.milliseconds, 3_600_000)), nil)
        }
    }

    private func begin(_ transfer: Transfer, _ active: inout [ActiveTransfer]) {
        do throws(HTTPClientError) {
            let new = try ActiveTransfer(transfer, proxy)
            guard curl_multi_add_handle(multi.handle, new.handle) == CURLM_OK else { throw .notSent(reason: "no memory for a request") }
            active.append(new)
        } catch {
            transfer.finish(.failure(error))
        }
    }

    private func endFinished(_ active: inout [ActiveTransfer]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi.handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let index = active.firstIndex(where: { $0.handle == message.pointee.easy_handle })
            else { continue }
            let code = ccurl_result(message)
            let ended = active.remove(at: index)
            ended.finish(code)
            curl_multi_remove_handle(multi.handle, ended.handle)
        }
    }

    private func end(_ active: inout [ActiveTransfer], _ reason: String, where isOver: (ActiveTransfer) -> Bool) {
        for ended in active.filter(isOver) {
            ended.finish(reason)
            curl_multi_remove_handle(multi.handle, ended.handle)
        }
        active.removeAll(where: isOver)
    }
}
