<?php
/**
 * Plugin Name: Parley chat
 * Description: Puts the chat of your Parley server on every page. Settings: the constant PARLEY_SERVER in wp-config.php.
 * License: Apache-2.0
 */

if (!defined('ABSPATH')) {
    exit;
}

add_action('wp_enqueue_scripts', function () {
    if (!defined('PARLEY_SERVER')) {
        return;
    }
    wp_enqueue_script('parley', untrailingslashit(PARLEY_SERVER) . '/widget/loader.js', [], null, ['strategy' => 'async', 'in_footer' => true]);
});

// The loader reads its settings from its own tag.
add_filter('script_loader_tag', function (string $tag, string $handle): string {
    $language = esc_attr(get_bloginfo('language'));
    return $handle === 'parley' ? str_replace('<script ', "<script data-lang=\"$language\" ", $tag) : $tag;
}, 10, 2);
