// This plugin stands in for the module `analysis-common` of the full Elasticsearch distribution, which the
// distribution published on Maven Central leaves out. It gives those tokenizers and token filters that our mapping
// uses, made of the same Lucene classes, under their usual names and settings, so that one mapping serves both.
// For tests only: with the full distribution (the official image, a package) nothing here is needed.

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicStemFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.el.GreekStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

public class AnalysisStandIn extends Plugin implements AnalysisPlugin {
    private interface FilterOf {
        UnaryOperator<TokenStream> with(Settings settings);
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        Map<String, AnalysisProvider<TokenizerFactory>> tokenizers = new HashMap<>();
        tokenizers.put("keyword", (index, environment, name, settings) ->
            TokenizerFactory.newFactory(name, () -> new KeywordTokenizer(settings.getAsInt("buffer_size", 256))));
        tokenizers.put("whitespace", (index, environment, name, settings) ->
            TokenizerFactory.newFactory(
                name, () -> new WhitespaceTokenizer(settings.getAsInt("max_token_length", 255))));
        tokenizers.put("pattern", (index, environment, name, settings) -> {
            Pattern pattern = Regex.compile(settings.get("pattern", "\\W+"), settings.get("flags"));
            int group = settings.getAsInt("group", -1);
            return TokenizerFactory.newFactory(name, () -> (Tokenizer) new PatternTokenizer(pattern, group));
        });
        return tokenizers;
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new HashMap<>();
        filters.put("asciifolding", normalizing(settings -> {
            boolean preserve = settings.getAsBoolean("preserve_original", false);
            return tokens -> new ASCIIFoldingFilter(tokens, preserve);
        }));
        filters.put("cjk_width", normalizing(settings -> CJKWidthFilter::new));
        filters.put("trim", normalizing(settings -> TrimFilter::new));
        filters.put("cjk_bigram", filtering(settings -> {
            boolean unigrams = settings.getAsBoolean("output_unigrams", false);
            int scripts = CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA
                | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL;
            return tokens -> new CJKBigramFilter(tokens, scripts, unigrams);
        }));
        filters.put("edge_ngram", filtering(settings -> {
            int shortest = settings.getAsInt("min_gram", 1);
            int longest = settings.getAsInt("max_gram", 2);
            boolean preserve = settings.getAsBoolean("preserve_original", false);
            return tokens -> new EdgeNGramTokenFilter(tokens, shortest, longest, preserve);
        }));
        filters.put("length", filtering(settings -> {
            int shortest = settings.getAsInt("min", 0);
            int longest = settings.getAsInt("max", Integer.MAX_VALUE);
            return tokens -> new LengthFilter(tokens, shortest, longest);
        }));
        filters.put("stemmer", filtering(settings -> {
            String language = settings.get("language", settings.get("name", "porter"));
            return tokens -> stemmed(tokens, language);
        }));
        filters.put("truncate", filtering(settings -> {
            int length = settings.getAsInt("length", 10);
            return tokens -> new TruncateTokenFilter(tokens, length);
        }));
        filters.put("unique", filtering(settings -> Unique::new));
        return filters;
    }

    /** The same stemmer for a language's name as the full distribution takes. */
    private static TokenStream stemmed(TokenStream tokens, String language) {
        return switch (language.toLowerCase(Locale.ROOT)) {
            case "english", "porter" -> new PorterStemFilter(tokens);
            case "porter2" -> new SnowballFilter(tokens, "English");
            case "arabic" -> new ArabicStemFilter(tokens);
            case "greek" -> new GreekStemFilter(tokens);
            default -> new SnowballFilter(
                tokens, language.substring(0, 1).toUpperCase(Locale.ROOT) + language.substring(1));
        };
    }

    /** The factories implement the interfaces themselves: their base class differs between Elasticsearch 8 and 9. */
    private static AnalysisProvider<TokenFilterFactory> filtering(FilterOf filter) {
        return (index, environment, name, settings) -> {
            UnaryOperator<TokenStream> wrap = filter.with(settings);
            return new TokenFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public TokenStream create(TokenStream tokens) {
                    return wrap.apply(tokens);
                }
            };
        };
    }

    /** Filters that keep one token one token: a normalizer of keywords may use them too. */
    private static AnalysisProvider<TokenFilterFactory> normalizing(FilterOf filter) {
        return (index, environment, name, settings) -> {
            UnaryOperator<TokenStream> wrap = filter.with(settings);
            return new NormalizingTokenFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public TokenStream create(TokenStream tokens) {
                    return wrap.apply(tokens);
                }
            };
        };
    }

    /** Keeps the first of equal tokens, wherever they stand. */
    private static final class Unique extends TokenFilter {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
        private final Set<String> seen = new HashSet<>();

        Unique(TokenStream tokens) {
            super(tokens);
        }

        @Override
        public boolean incrementToken() throws IOException {
            while (input.incrementToken()) {
                if (seen.add(term.toString())) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void reset() throws IOException {
            super.reset();
            seen.clear();
        }
    }
}
