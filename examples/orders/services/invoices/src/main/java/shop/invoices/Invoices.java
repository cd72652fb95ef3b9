package shop.invoices;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.logging.Logger;

/** Hands orders to the printer of invoices. */
public final class Invoices {
    private static final Logger LOG = Logger.getLogger(Invoices.class.getName());

    /** How long an invoice may take before it is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI printer;

    public Invoices(URI printer) {
        this.printer = printer;
    }

    /** Has an invoice printed; the order is its text as JSON. */
    public void print(String orderId, String order) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(printer.resolve(orderId))
                        .timeout(PATIENCE)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(order))
                        .build();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        if (status != 201) {
            throw new IOException("the printer answered " + status);
        }
        LOG.info(() -> "invoice printed: " + orderId);
    }
}
