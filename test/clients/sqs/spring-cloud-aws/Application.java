import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything as the starter brings it, and the listeners. */
@Configuration
@EnableAutoConfiguration
@Import(Listeners.class)
class Application {}
