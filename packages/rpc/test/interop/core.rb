# Loaded before the interoperability programs that ruby-grpc brings, which speak through gRPC's C core. They then use the
# certificates of the test, on both sides of each connection, take a thousand calls at once, and print their port.
require 'grpc'

module TestCertificates
  def load_test_certs
    %w[ca.pem key.pem cert.pem].map { |name| File.read(File.join(ENV.fetch('CERTIFICATES'), name)) }
  end

  def test_creds
    GRPC::Core::ChannelCredentials.new(*load_test_certs)
  end

  def test_server_creds
    ca, key, cert = load_test_certs
    GRPC::Core::ServerCredentials.new(ca, [{ private_key: key, cert_chain: cert }], true)
  end
end

module TestServer
  # A thread for each call: those that find none are turned away, and one case makes a thousand at once.
  def initialize(**options)
    super(pool_size: 1_000, **options)
  end

  def add_http2_port(*)
    super.tap do |port|
      puts port
      $stdout.flush
    end
  end
end

Object.prepend(TestCertificates)
GRPC::RpcServer.prepend(TestServer)
