// An HTTP/1.1 client over libcurl, whose TLS the distribution keeps up to date.
//
// Each request is one exchange: no redirect is followed, nothing is tried again, and no cookie, password file or cache is used. Whatever the
// other side sends is bounded. It must not know Krea, jobs, pictures or webhooks: who may be asked, and what an answer means, is decided by
// its callers.

/// Makes HTTP/1.1 requests on one thread of its own, which ends with the client.
public final class HTTPClient: Sendable {
    private let loop: TransferLoop

    /// A client, with its thread started.
    ///
    /// - Parameter proxy: Where requests go that may go through a proxy; what the environment says of proxies does not count.
    public init(proxy: HTTPProxy? = nil) {
        loop = TransferLoop(proxy)
        loop.start()
    }

    deinit {
        loop.stop()
    }

    /// Makes one exchange and returns the whole answer, whatever its status.
    ///
    /// - Throws: ``HTTPClientError``; its case tells whether anything was sent. A cancelled task gets it at once.
    public func perform(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        let transfer = Transfer(request, isStreamed: false)
        let head = try await run(transfer) { await transfer.end() }
        return ClientResponse(status: head.status, fields: head.fields, body: transfer.takeBody())
    }

    /// Makes one exchange and returns as soon as the head of the answer is there.
    ///
    /// The body is read from the connection no faster than from the answer.
    ///
    /// - Throws: ``HTTPClientError``; its case tells whether anything was sent. A cancelled task gets it at once.
    public func open(_ request: ClientRequest) async throws(HTTPClientError) -> StreamedResponse {
        let transfer = Transfer(request, isStreamed: true)
        let head = try await run(transfer) { await transfer.head() }
        return StreamedResponse(status: head.status, fields: head.fields, transfer: transfer, client: self)
    }

    private func run(
        _ transfer: Transfer, until isReady: @Sendable () async -> Result<Transfer.Head, HTTPClientError>
    ) async throws(HTTPClientError) -> Transfer.Head {
        loop.begin(transfer)
        return try await cancelling(transfer, isReady).get()
    }

    /// Waits for what `body` waits for; a cancelled task ends the transfer.
    func cancelling<Value: Sendable>(_ transfer: Transfer, _ body: @Sendable () async -> Value) async -> Value {
        await withTaskCancellationHandler {
            await body()
        } onCancel: {
            loop.cancel(transfer)
        }
    }

    /// Nobody wants any more of the transfer.
    func abandon(_ transfer: Transfer) { loop.cancel(transfer) }

    /// There is room for more of the body.
    func goOn(_ transfer: Transfer) { loop.goOn(transfer) }
}
