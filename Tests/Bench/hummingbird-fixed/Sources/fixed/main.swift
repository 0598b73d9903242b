// The same bytes for every request, as a Swift web framework gives them. usage: fixed SOCKET FILE-WITH-THE-BODY
import Foundation
import Hummingbird

let body = ByteBuffer(bytes: try Data(contentsOf: URL(filePath: CommandLine.arguments[2])))
let router = Router()
router.get("hummingbird/:id") { _, _ in
    Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
}
var application = Application(router: router, configuration: .init(address: .unixDomainSocket(path: CommandLine.arguments[1])))
application.logger.logLevel = .warning
try await application.runService()
